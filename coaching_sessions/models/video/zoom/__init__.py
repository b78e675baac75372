from . import coaching_video_provider_zoom
from . import coaching_zoom_account
from . import res_config_settings
