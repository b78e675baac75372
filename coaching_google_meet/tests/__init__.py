from . import test_google_meet
