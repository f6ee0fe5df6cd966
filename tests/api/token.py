"""Signs in as the first administrator by the link that the program printed, makes a token with every scope, and prints it."""

import http.cookiejar
import re
import sys
import urllib.parse
import urllib.request

site, log = sys.argv[1:]
with open(log, encoding="utf-8") as lines:
    link = re.search(r"To sign in as its administrator[^:]*: (\S+)", lines.read()).group(1)
browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))


def send(address, fields):
    body = urllib.parse.urlencode(fields, doseq=True).encode()
    with browser.open(urllib.request.Request(address, body, {"Origin": site})) as answer:
        return answer.read().decode()


password = "made up requests need a token"
send(link, {"password": password, "again": password})
page = browser.open(f"{site}/en/staff/tokens").read().decode()
key = re.search(r'name="key" value="([^"]+)"', page).group(1)
scopes = re.findall(r'name="scope" type="checkbox" value="([^"]+)"', page)
made = send(
    f"{site}/en/staff/tokens",
    {"key": key, "name": "schemathesis", "reason": "Made-up requests", "scope": scopes, "days": "1", "do": "make"},
)
print(re.search(r"icat_[0-9a-f]{8}_[0-9a-f]{64}", made).group(0))
