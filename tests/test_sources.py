import pytest

from chalicelib.model import Source, hosts_of

SOURCE = Source("https://api.example.com/a", ("api.example.com", ".cdn.example.net"))
LOCAL = Source("http://127.0.0.1:4010/a", (*hosts_of("http://127.0.0.1:4010"), ".cdn.example.net"))


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.com/b",
        "https://API.example.com:8443/b",
        "https://eu.cdn.example.net/b?c=d",
        "https://a.b.cdn.example.net/",
    ],
)
def test_a_file_may_be_at_its_hosts_and_below_them(url: str) -> None:
    assert SOURCE.allows(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example.com/b",
        "https://cdn.example.net/b",
        "https://evilcdn.example.net/b",
        "https://x.api.example.com/b",
        "https://api.example.com.evil.org/b",
        "https://api.example.com@evil.org/b",
        "https://me:pass@api.example.com/b",
        "https://@api.example.com/b",
        "https://evil.org\\@api.example.com/b",
        "https://evil.org\t@api.example.com/b",
        "https://api.example.com:99999/b",
        "https://api.example.com:x/b",
        "https://[::1/b",
        "https://api.example\u3002com/b",
        "https://127.0.0.1/b",
        "//api.example.com/b",
        "ftp://api.example.com/b",
        "file:///etc/passwd",
        "data:text/plain,b",
        "https://",
        "",
    ],
)
def test_a_file_is_nowhere_else(url: str) -> None:
    assert not SOURCE.allows(url)


def test_on_this_machine_it_may_go_without_tls_and_by_either_name() -> None:
    assert LOCAL.allows("http://localhost:4011/cdn/a")
    assert LOCAL.allows("https://eu.cdn.example.net/b")
    assert not LOCAL.allows("http://eu.cdn.example.net/b")
    assert not LOCAL.allows("http://192.168.0.1/a")
    assert not LOCAL.allows("http://[::1]/a")


@pytest.mark.parametrize(
    ("url", "hosts"),
    [
        ("https://api.telegram.org", ("api.telegram.org",)),
        ("http://bot-api:8081", ("http://bot-api",)),
        ("http://127.0.0.1:4010", ("http://127.0.0.1", "http://localhost")),
        ("http://localhost:4010/base", ("http://127.0.0.1", "http://localhost")),
        ("nonsense", ()),
    ],
)
def test_an_apis_own_host_is_where_its_files_are(url: str, hosts: tuple[str, ...]) -> None:
    assert hosts_of(url) == hosts
