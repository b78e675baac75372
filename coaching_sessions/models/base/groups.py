"""The groups that code asks for; see ``security/base/coaching_groups.xml``."""

COACH_GROUP = "coaching_sessions.group_coaching_coach"
MANAGER_GROUP = "coaching_sessions.group_coaching_manager"
