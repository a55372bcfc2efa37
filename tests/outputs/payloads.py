"""500 texts that try to act, or to break what shows them: one list, the same every time."""

from __future__ import annotations

from itertools import product

from outputs.hostile import CLOSERS, FORMULAS, PAYLOADS
from outputs.pdfs import MARKUP

MORE_FORMULAS = (
    "=SUM(1;1)", "=cmd|\"/c calc\"!A1", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0",
    "=DDE(\"cmd\";\"/C calc\";\"x\")", "=MSEXCEL|'\\..\\..\\Windows\\System32\\cmd.exe /c calc'!''",
    "=WEBSERVICE(\"https://example.org\")", "{=1+1}", "=1+1;=2+2", "\"=1+1\"", "'=1+1", "''=1+1", "=A1",
    "=INDIRECT(\"A1\")", "%0A=1+1", "\xa0=1+1", "\u200b=1+1", "\ufeff=1+1",
    "=HYPERLINK(\"file:///etc/passwd\";\"x\")", "=REGISTER.ID(\"kernel32\",\"WinExec\")", "#REF!", "#N/A", "TRUE",
    "1e999", "0x1F", "1/2", "3-4", "12:30", "00123", "+27 82 000", "-", "=", "@", "nan", "inf", "None", "null", "NA",
)  # fmt: skip
TYPST = (
    *MARKUP, "#let x = 1", "#show: none", "#set page(width: 1pt)", "#include \"x.typ\"", "#image(\"/etc/passwd\")",
    "#eval(\"1+1\")", "#{ panic() }", "#[", "]", "[", "#)", "\\", "\\u{202e}", "```typ #panic()```", "#raw(\"x\")",
    "#sys.version", "#counter(page).update(99)", "#pagebreak()", "#v(100cm)", "#place(top, [x])",
    "#link(\"https://example.org\")", "---", "...", "''", "#\"", "/ term: x", "+ one",
)  # fmt: skip
XML = (
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;", "&xxe;", "&lt;", "&amp;lt;b&amp;gt;", "&#0;",
    "&#60;b&#62;", "&#x3c;script&#x3e;", "<![CDATA[<b>]]>", "]]>]]&gt;", "<?xml version='1.0'?>",
    "<?php system('id'); ?>", "<x xmlns='y'/>", "</name></wpt></gpx>", "</Placemark></Document></kml>",
    "<xi:include href='file:///etc/passwd'/>", "<gpx/>", "-->", "<!--", "--",
    "<a href='javascript:window.ran=1'>x</a>", "&nbsp;", "&quot;&apos;", "<sym>x</sym>", "<qgis/>", "\" foo=\"bar",
    "' foo='bar", "&", "<", ">", "\"", "'", "<b>bold</b>", "<font color=red>red",
)  # fmt: skip
SQL = (
    "'; DROP TABLE villages; --", "\"; DROP TABLE posts; --", "' OR '1'='1", "1); DELETE FROM gpkg_contents; --",
    "') UNION SELECT 1 --", "\\'; --", "x' || 'y", "%' --", "_", "%", "`; DROP", "[x]; DROP", "0x27", "'';''", "NULL",
    "SELECT load_extension('x')", "ATTACH 'x' AS y", "\" = \"\" or \"\"=\"", "\"name\" = 'x'", "[% eval('1') %]",
    "[%@layout_name%]", "@map_scale", "$geometry", "\\\\", "\\0", "\\n",
)  # fmt: skip
PATHS = (
    "../../../etc/passwd", "..\\..\\..\\windows\\win.ini", "/etc/passwd", "C:\\x", "\\\\server\\share",
    "file:///etc/passwd", "~root", "~/.ssh", "CON", "nul.txt", "aux", "COM1", "a/b", "a\\b", "a:b", "a?b", "a*b",
    "a|b", ".", "..", ".hidden", "name.", "name ", " name", "-rf", "--help", "%2e%2e%2f", "$(touch ran)",
    "`touch ran`", "; touch ran", "| touch ran", "& touch ran", "&& touch ran", "$HOME", "${HOME}", "%APPDATA%",
    "!ran", "{a,b}", "s3://bucket/x", "/vsicurl/https://example.org/x", "/vsizip/x.zip/y", "index.html", "plan.json",
    "x.gpx", "<x>.gpx", "#fragment", "?query=1", "a%00b",
)  # fmt: skip
SIGNS = (
    "\u202eedocrt\u202c", "\u202a\u202b\u202d", "\u2066a\u2067b\u2068c\u2069", "\u200e\u200f", "a\u200bb",
    "a\u200cb\u200dc", "\u2060x", "\ufeffx", "x\xady", "\xa0", "\U0001f469\U0001f3fd\u200d\u2695\ufe0f",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466", "\U0001f1f0\U0001f1f2\U0001f1f2\U0001f1fc",
    "\U0001f600\U0001f600\U0001f600\U0001f600\U0001f600\U0001f600\U0001f600\U0001f600\U0001f600\U0001f600\U0001f600\U0001f600\U0001f600\U0001f600\U0001f600\U0001f600\U0001f600\U0001f600\U0001f600\U0001f600",
    "e\u0301\u0302\u0303\u0304e\u0301\u0302\u0303\u0304e\u0301\u0302\u0303\u0304e\u0301\u0302\u0303\u0304e\u0301\u0302\u0303\u0304e\u0301\u0302\u0303\u0304e\u0301\u0302\u0303\u0304e\u0301\u0302\u0303\u0304e\u0301\u0302\u0303\u0304e\u0301\u0302\u0303\u0304",
    "Z\u0351\u036b\u0313\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349\u035a\u032f\u031e\u0320\u034dA\u0334\u0335\u031c\u0330\u0354\u036b\u0357\u0362L\u0320\u0368\u0367\u0369\u0358G\u0334\u033b\u0348\u034d\u0354\u0339\u0311\u0357\u030e\u0305\u035b\u0301\u01ea\u0335\u0339\u033b\u031d\u0333\u0342\u030c\u030c\u0358!",
    "\u0627\u0644\u0642\u0631\u064a\u0629 \u0627\u0644\u0643\u0628\u064a\u0631\u0629",
    "\u0642\u0631\u064a\u0629 <b>\u0661\u0662\u0663</b>", "\u121b\u12a5\u12a8\u120d", "\u10d2\u10dd\u10e0\u10d8",
    "\u6751\u843d", "\u6751\u200b\u843d", "\xdcn\xefc\xf6d\xe9 \u1e9e\xdf", "\u0130\u0131Ii", "\ufb00\ufb01",
    "\ufdfa", "\U0001d518\U0001d52b\U0001d526", "\U000e0041\U000e0042", "\ue000", "\ufffd", "\uffff", "\ufffe",
    "\x85", "\u2028x", "\u2029x", "\u3000", "\uff41\uff1c\uff42\uff1e", "\uff02\uff07", "\u202e<b>", "a\tb", "a\nb",
    "a\r\nb", "a\x0bb", "a\x0cb", "a\x7fb", "a\x9bb", "c\x01c", "c\x02c", "c\x07c", "c\x08c", "c\x0ec", "c\x1bc",
    "c\x1cc", "c\x1dc", "c\x1ec", "c\x1fc", "\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\x1b[2J",
    "\ufff9x\ufffay\ufffb",
)  # fmt: skip
LONG = (
    "long " * 80, "W" * 300, "<" * 200, "&" * 200, "\"" * 100, "'" * 100, "\\" * 100, "\xf1" * 254, "\u6751" * 200,
    "x" * 5000, "(" * 100, "{" * 100, "a,b;c|d\te", "\"a\",\"b\"",
)  # fmt: skip
TEMPLATES = (
    "{{7*7}}", "{{ config }}", "{% include '/etc/passwd' %}", "{# gone #}", "{{ ''.__class__.__mro__ }}", "${7*7}",
    "#{7*7}", "<%= 7*7 %>", "<%- x %>", "@(7*7)", "{0}", "{}", "{value}", "{name}", "{minutes}", "{x.__class__}",
    "{!r}", "{{", "}}", "{", "}", "%s", "%n", "%d%d%d", "%(name)s", "$name", "$$", "%%", "[[x]]", "<<x>>", "{{=x}}",
    "{{#each x}}", "*{x}", "~{x}", "{{{x}}}", "__import__('os').system('touch ran')",
)  # fmt: skip
MATHEMATICS = (
    "$x$", "$\\frac{1}{0}$", "$\\undefined$", "$", "$$", "\\$", "$x", "x$", "$a$ and $b$", "a_b^c", "^", "_", "$_$",
    "$^$", "\\frac", "\\input{/etc/passwd}", "\\write18{id}", "$\\text{x}$", "$\\sqrt[$", "\\mathrm{x}", "\\n\\t",
    "5 $ and 6 $", "$\\left($", "$\\$$", "~x~",
)  # fmt: skip
SCRIPTS = (
    "\";window.ran=1;//", "';window.ran=1;//", "\\\";window.ran=1;//", "`;window.ran=1;//",
    "</script><script>window.ran=1</script>", "<!--<script>window.ran=1", "]}];window.ran=1//", "{\"a\":1}", "\"}",
    "\\u2028", "\\x3cscript\\x3e", "constructor", "hasOwnProperty", "valueOf", "length", "then", "toJSON", "0", "-1",
    "1", "undefined", "NaN", "true", "[object Object]", "data:text/html,<script>window.ran=1</script>", "vbscript:x",
    "onerror=window.ran=1", "expression(window.ran=1)", "url(javascript:window.ran=1)", "};window.ran=1;{",
    "*/window.ran=1/*", "<noscript><p title='</noscript><img src=x onerror=window.ran=1>'>",
    "<template><script>window.ran=1</script></template>", "<form action=javascript:window.ran=1><button>x",
    "<object data=data:text/html,x>", "<embed src=x>", "<marquee onstart=window.ran=1>", "<body onload=window.ran=1>",
    "<a href=\"https://example.org\" target=_blank>x</a>",
)  # fmt: skip

KINDS = {
    "html": PAYLOADS, "formula": (*FORMULAS, *MORE_FORMULAS), "typst": TYPST, "xml": XML, "sql": SQL, "path": PATHS,
    "sign": SIGNS, "long": LONG, "template": TEMPLATES, "mathematics": MATHEMATICS, "script": SCRIPTS,
}  # fmt: skip


def _all() -> tuple[str, ...]:
    alone = dict.fromkeys(text for texts in KINDS.values() for text in texts)
    closed = (closer + text for text, closer in product((*SCRIPTS, *XML), CLOSERS[1:]))
    return tuple(alone) + tuple(text for text in dict.fromkeys(closed) if text not in alone)


ALL = _all()[:500]
assert len(ALL) == 500
# Some of every kind, and of each another one than the first.
FORTY = tuple(dict.fromkeys(texts[k * 7 % len(texts)] for k in range(8) for texts in KINDS.values()))[:40]
assert len(FORTY) == 40
