"""What must be true of customers' pictures: each is shown once, with its words, or the thread says why not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tests.simulation.checks_course import SOON
from tests.simulation.evidence import Evidence
from tests.simulation.people import Said

NOT_BROUGHT = "could not be brought here"
LISTED, BARE = ("twilio",), "[picture]"
"""What is shown of a picture whose bytes nobody ever offered, as where a provider's list had to be asked."""


def every_picture_is_shown_once_or_the_thread_says_why(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    for said in _shown(seen):
        words, places = seen.customers_words[said.word], seen.pictures[said.word]
        counts["pictures"] += said.pictures
        # Only the first picture of an album has words by which a line can name it.
        unnamed = [post for post in seen.posts if not (post.name or post.words) and said.pictures > 1 and words]
        there = [post for post in unnamed if post.thread == words[0].thread]
        told = [post for post in (*words, *seen.our_words[said.word], *there) if NOT_BROUGHT in post.text]
        counts["pictures the thread explains"] += bool(told)
        if len(places) > said.pictures:
            counts["doubled"] += 1
            where = ", ".join(post.ts for post in places)
            yield f"the picture of {said.word} stands {len(places)} times ({where}){seen.story(said.word)}"
        bare = said.line is not None and said.line.channel in LISTED and any(BARE in post.text for post in words)
        if words and len(places) < said.pictures and not (told or bare):
            counts["lost"] += 1
            story = seen.story(said.word, said.id, *(post.ts for post in (*words, *places)))
            yield f"{len(places)} of {said.pictures} pictures of {said.word} are shown{story}"


def a_picture_stands_with_its_words_or_below_them(seen: Evidence, counts: Counter[str]) -> Iterator[str]:
    for said in _shown(seen):
        words = seen.customers_words[said.word]
        for post in seen.pictures[said.word]:
            if not words or post.ts == words[0].ts:
                continue
            counts["pictures that came after their words"] += 1
            if (post.channel, post.thread) != (words[0].channel, words[0].thread):
                if not _moved(seen):
                    yield f"the picture of {said.word} stands in another thread{seen.story(said.word, post.ts)}"
            elif float(post.ts) < float(words[0].ts):
                counts["reordered"] += 1
                yield f"the picture of {said.word} stands above its words{seen.story(said.word, post.ts)}"


def in_calm_weather_pictures_come_with_their_words(seen: Evidence, _counts: Counter[str]) -> Iterator[str]:
    if seen.storm.rates or seen.storm.extra:
        return
    # What opens a thread again that nobody owns is shown in the channel as well, where no file can be.
    apart = {post.ts for post in seen.posts if post.raw.get("subtype") == "thread_broadcast"}
    for said in _shown(seen):
        words, places = seen.customers_words[said.word], seen.pictures[said.word]
        if any(post.ts in apart for post in words):
            continue
        if said.word in seen.heard and {post.ts for post in places} != {post.ts for post in words}:
            yield f"the picture of {said.word} does not stand with its words{seen.story(said.word)}"
        if places and float(places[0].ts) - seen.heard[said.word] > SOON:
            yield f"the picture of {said.word} came late{seen.story(said.word)}"


def no_post_shows_a_file_that_is_gone(seen: Evidence, _counts: Counter[str]) -> Iterator[str]:
    taken_back = {item.slack_ts for item in seen.items if item.deleted_at}
    for post in seen.posts:
        if post.ts not in taken_back and any(
            each.get("mode") == "tombstone" for each in post.raw.get("files", ())
        ):
            yield f"{post.ts} shows a file that was taken away{seen.story(post.ts)}"


def _shown(seen: Evidence) -> list[Said]:
    """Tell what was said with pictures, and not taken back: of that nothing has to stand."""
    changed = {each.of for each in seen.said("delete", "edit")}
    return [each for each in seen.said("message") if each.pictures and each.word not in changed]


def _moved(seen: Evidence) -> bool:
    """Tell whether a conversation may have gone on in another thread meanwhile."""
    return any(home.left for home in seen.conversations)


CHECKS = (
    every_picture_is_shown_once_or_the_thread_says_why,
    a_picture_stands_with_its_words_or_below_them,
    in_calm_weather_pictures_come_with_their_words,
    no_post_shows_a_file_that_is_gone,
)
