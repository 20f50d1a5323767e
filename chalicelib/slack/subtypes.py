"""The kinds of message Slack tells of, by whose words they are.

https://docs.slack.dev/reference/events/message#subtypes
"""

from __future__ import annotations

WORDS_OF_A_PERSON = frozenset({None, "file_share", "thread_broadcast", "me_message"})
"""Subtypes of a message that somebody typed."""

SLACKS_OWN = frozenset(
    {
        *("assistant_app_thread", "bot_add", "bot_message", "bot_remove", "channel_archive"),
        *("channel_canvas_updated", "channel_convert_to_private", "channel_convert_to_public"),
        *("channel_join", "channel_leave", "channel_name", "channel_posting_permissions"),
        *("channel_purpose", "channel_topic", "channel_unarchive", "document_comment_root"),
        *("document_mention", "ekm_access_denied", "file_comment", "file_mention", "group_archive"),
        *("group_join", "group_leave", "group_name", "group_purpose", "group_topic", "group_unarchive"),
        *("huddle_thread", "joiner_notification", "joiner_notification_for_inviter", "list_record_comment"),
        *("message_locked", "message_replied", "pinned_item", "reminder_add", "reminder_delete"),
        *("reply_broadcast", "sh_room_created", "sh_room_shared", "slackbot_response", "tombstone"),
        *("unpinned_item",),
    }
)
"""Subtypes that Slack makes itself. One that stands nowhere may be a person's words in a new form."""

OF_OUR_POSTS = frozenset({None, "bot_message", "thread_broadcast"})
"""Subtypes of a post that we made: under the app's own name, under a customer's, and shown in the channel too."""

WITH_FILES = OF_OUR_POSTS | {"file_share"}
"""Subtypes under which Slack may tell of a post that shows files."""
