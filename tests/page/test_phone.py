"""The phone by itself: who comes first, what its bubbles show, where the focus goes, how little room it needs."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.page.acting import add, bubble, choose, draft, fresh, meet, phone, reply, somebody, turn, until, write

NARROW: ViewportSize = {"width": 1024, "height": 768}


def tab(page: Page, name: str) -> Locator:
    return page.get_by_role("tab", name=name, exact=True)


def fits(place: Locator) -> None:
    until(lambda: place.evaluate("(it) => it.scrollWidth <= it.clientWidth"), bool)


def test_a_stranger_is_offered_first_words_in_english(page: Page) -> None:
    people = page.get_by_role("list", name="Customers").get_by_role("button")
    expect(people.first).to_have_accessible_name(re.compile("^Sam Carter"))
    expect(people.first).to_have_attribute("aria-pressed", "true")
    customer = fresh("Ella English")
    add(page, customer, language="English")
    expect(phone(page).get_by_role("button", name="Hi, is my order ready?")).to_be_visible()


def test_five_apps_stand_side_by_side_however_little_room_there_is(page: Page) -> None:
    page.set_viewport_size(NARROW)
    page.get_by_role("button", name="What happens in between").click()
    tabs = page.get_by_role("tab")
    expect(tabs).to_have_count(5)
    names = page.locator(".ph-tab-name")
    edges = "(all) => all.map((one) => one.getBoundingClientRect()).map(({ top, bottom }) => `${top} ${bottom}`)"
    until(lambda: names.evaluate_all(edges), lambda seen: len(seen) == 5 and len(set(seen)) == 1)
    fits(page.get_by_role("tablist", name="Where they write"))


def test_the_phone_is_named_by_its_app_alone_and_who_has_news_by_their_count(page: Page) -> None:
    meet(page, "Nora News", "Is anybody there?")
    reply(page, "All of us")
    expect(page.get_by_role("button", name="Nora News, 1 unread", exact=True)).to_be_visible()
    expect(tab(page, "SMS, 1 unread")).to_be_visible()
    expect(page.get_by_role("tabpanel", name="SMS", exact=True)).to_be_visible()


def test_what_is_new_stands_below_a_line_until_it_is_read(page: Page) -> None:
    meet(page, "Lia Line", "Olá", "WhatsApp")
    reply(page, "One of two")
    reply(page, "Two of two")
    expect(bubble(page, "of two")).to_have_text([re.compile("new.*One of two"), re.compile("new.*Two of two")])
    expect(bubble(page, "New messages")).to_have_count(1)
    phone(page).get_by_role("button", name="Mark as read").click()
    expect(bubble(page, "New messages")).to_have_count(0)
    expect(phone(page).get_by_role("log")).to_be_focused()


def test_the_focus_stays_on_the_phone_when_a_button_has_done_its_work(page: Page) -> None:
    meet(page, "Fay Focus", "Hello there", "WhatsApp")
    choose(page, "Block your company")
    phone(page).get_by_role("button", name="Unblock").click()
    expect(phone(page)).not_to_contain_text("You have blocked")
    expect(draft(page)).to_be_focused()

    turn(page, "SMS")
    write(page, "Hello again")
    choose(page, "Text STOP")
    phone(page).get_by_role("button", name="START", exact=True).click()
    expect(phone(page)).not_to_contain_text("You texted STOP.")
    expect(draft(page)).to_be_focused()


def test_addresses_and_numbers_in_a_message_are_links(page: Page) -> None:
    somebody(page, "Linus Links")
    write(page, "See https://example.com/a?b=c. Or mail me@example.com, or call +1 415 555 0100!")
    links = bubble(page, "See https").get_by_role("link")
    expect(links).to_have_text(["https://example.com/a?b=c", "me@example.com", "+1 415 555 0100"])
    for link, href in enumerate(("https://example.com/a?b=c", "mailto:me@example.com", "tel:+14155550100")):
        expect(links.nth(link)).to_have_attribute("href", href)
        expect(links.nth(link)).to_have_attribute("rel", "noreferrer noopener")
        expect(links.nth(link)).to_have_attribute("target", "_blank")


def test_an_sms_says_below_the_last_one_what_became_of_it(page: Page) -> None:
    somebody(page, "Stella Short")
    write(page, "The first")
    write(page, "The second")
    expect(bubble(page, "The second")).to_contain_text(re.compile("The secondDelivered$"))
    expect(bubble(page, "The first")).to_contain_text(re.compile("The first$"))
    expect(bubble(page, "Today")).to_have_text(re.compile(r"^Today \d"))


def test_an_emoji_alone_is_larger_than_words(page: Page) -> None:
    somebody(page, "Emil Emoji")
    size = "(it) => parseFloat(getComputedStyle(it).fontSize)"

    def sizes() -> list[float]:
        return [bubble(page, words).locator(".ph-words").evaluate(size) for words in ("Words", "👩‍👩‍👧🎉")]

    for medium in ("SMS", "Telegram", "RCS"):
        turn(page, medium)
        write(page, "👩‍👩‍👧🎉")
        write(page, "Words 🎉")
        expect(bubble(page, "Words")).to_contain_text("delivered")
        until(sizes, lambda seen: seen[1] > 2 * seen[0])


def test_a_place_is_shown_with_its_coordinates(page: Page) -> None:
    somebody(page, "Petra Place", "Telegram")
    choose(page, "Send my location", "Attach")
    expect(bubble(page, "Location")).to_contain_text("23.5614° S, 46.6559° W")


def test_what_went_wrong_is_forgotten_when_the_line_is_back(page: Page) -> None:
    somebody(page, "Erna Error")
    page.route("**/pull/**", lambda route: route.abort())
    write(page, "Into the void")
    wrong = phone(page).get_by_role("alert")
    expect(wrong).to_contain_text("Threadline is not running just now.")
    expect(draft(page)).to_have_value("Into the void")
    page.evaluate(
        """async () => {
          const { touch, world } = await import("./ground/world.js");
          for (const live of ["away", "live"]) {
            world.live = live;
            touch("live");
            await new Promise(requestAnimationFrame);
            await new Promise(requestAnimationFrame);
          }
        }"""
    )
    expect(wrong).to_be_hidden()


def test_how_long_the_company_may_reply_is_said_in_few_words_where_there_is_little_room(page: Page) -> None:
    meet(page, "Willa Window", "Hello", "WhatsApp")
    expect(phone(page).get_by_text("Your company may reply until")).to_be_visible()
    page.set_viewport_size(NARROW)
    brief = phone(page).get_by_text(re.compile("^Replies until .* tomorrow$"))
    expect(brief).to_be_visible()
    fits(brief)


def test_every_customer_of_a_long_row_can_be_reached_with_the_wheel(page: Page) -> None:
    many = ", ".join(f'{{ name: "Person {one:02}", number: "+155522{one:05}" }}' for one in range(20))
    page.evaluate(f"import('./ground/view.js').then(({{ look }}) => look({{ people: [{many}] }}))")
    row = page.get_by_role("list", name="Customers")
    expect(page.get_by_role("button", name="Person 19")).to_be_attached()
    last = row.get_by_role("button").last
    expect(row).to_have_attribute("data-more", "after")
    expect(last).not_to_be_in_viewport()
    row.hover()
    page.mouse.wheel(0, 50_000)
    expect(last).to_be_in_viewport()
    expect(row).to_have_attribute("data-more", "before")


def test_the_phone_in_hand_stays_on_the_row_however_many_others_are_met(page: Page) -> None:
    meet_strangers = """([from, to]) => import("./ground/world.js").then(({ apply }) => {
      for (let n = from; n < to; n += 1) {
        const entry = { id: `met ${n}`, direction: "from_customer", text: "Hi", state: "taken", at: Date.now() };
        apply({ source: "whatsapp", kind: "phone", who: `4912340${n}`, entry });
      }
    })"""
    page.evaluate(meet_strangers, [100, 101])
    page.get_by_role("button", name="+4912340100").click()
    page.evaluate(meet_strangers, [101, 150])
    expect(page.get_by_role("button", name="+4912340149")).to_be_attached()
    expect(page.get_by_role("button", name="+4912340101")).to_have_count(0)
    expect(page.get_by_role("button", name="+4912340100", pressed=True)).to_be_attached()


def test_a_phone_shows_where_the_company_is_met(page: Page) -> None:
    expect(phone(page)).to_contain_text("+1 415 555 0100 · SMS")
    turn(page, "Telegram")
    expect(phone(page)).to_contain_text("@threadline_bot · Telegram")
