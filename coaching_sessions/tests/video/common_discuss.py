from .common_video import VideoCommon


class DiscussCommon(VideoCommon):
    """Sessions with links that need nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.individual.video_provider = "discuss"
