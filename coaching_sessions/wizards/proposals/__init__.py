from . import coaching_session_propose
