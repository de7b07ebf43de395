"""How the page looks: one style sheet, light and dark, for screens from a phone up and for paper."""

from __future__ import annotations

import base64
import hashlib

STYLE = """
:root {
  color-scheme: light dark;
  --paper: #fbfaf7; --card: #ffffff; --ink: #22252b; --quiet: #6a6f78; --line: #e4e1d9;
  --accent: #2f6f8f; --prompt: #eef3f4; --code: #f5f3ee; --good: #2e7d4f; --bad: #b3372b; --warn: #9a6700;
  --k: #8a3ea0; --s: #3d7a2c; --c: #8a8f98; --m: #b35c00; --f: #1f63a8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15171b; --card: #1b1e23; --ink: #dfe2e6; --quiet: #9298a2; --line: #2e323a;
    --accent: #7cc0dc; --prompt: #20282d; --code: #101216; --good: #74c991; --bad: #f08a7d; --warn: #e0b050;
    --k: #c89be0; --s: #a3cf86; --c: #7d838d; --m: #e6a96a; --f: #86b8f0;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  overflow-wrap: anywhere;
}
header, nav, main, footer { max-width: 54rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 3rem; }
a { color: var(--accent); }
code, pre, .mono, .badge { font-family: ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas,
  monospace; }
h1, h2, h3, h4, h5, h6 { line-height: 1.3; unicode-bidi: isolate; }
h1 { font-size: 1.9rem; letter-spacing: -.01em; margin: .2rem 0 .6rem; }
.brand { margin: 0; color: var(--accent); font-size: .8rem; letter-spacing: .12em;
  text-transform: uppercase; }
.lead { margin: 0; color: var(--quiet); }
.models { list-style: none; padding: 0; margin: .9rem 0 0; display: flex; flex-wrap: wrap; gap: .4rem; }
.models li {
  border: 1px solid var(--line); background: var(--card); border-radius: 999px;
  padding: .1rem .75rem; font-size: .85rem;
}
nav { margin-top: 1.5rem; }
nav ol { margin: .4rem 0; padding-left: 2.2rem; max-height: 24rem; overflow: auto; }
nav .links { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; padding: 0; list-style: none;
  margin: .6rem 0; }
.turn, .system { margin-top: 2.4rem; content-visibility: auto; contain-intrinsic-size: auto 40rem; }
h2 {
  font-size: .82rem; font-weight: 600; letter-spacing: .08em; text-transform: uppercase; color: var(--quiet);
  border-top: 1px solid var(--line); padding-top: .8rem; margin: 0 0 .8rem;
}
h2 a { color: inherit; text-decoration: none; }
.branch { margin-top: 3.5rem; padding-left: 1.1rem; border-left: 3px solid var(--accent); }
.branch > h2 { color: var(--accent); border: 0; padding: 0; }
.note { color: var(--quiet); font-size: .88rem; margin: .5rem 0; }
.who { font-size: .88rem; font-weight: 600; margin: 0 0 .25rem; color: var(--ink); }
.who .quiet, time { color: var(--quiet); font-weight: 400; }
.prompt { background: var(--prompt); border-radius: .7rem; padding: .8rem 1.1rem; margin: 0 0 1.3rem; }
.plain { white-space: pre-wrap; unicode-bidi: plaintext; margin: 0; }
.step { margin: 0 0 1.6rem; }
.said { unicode-bidi: isolate; }
.said > :first-child { margin-top: .3rem; }
.said p, .said ul, .said ol { margin: .6rem 0; }
.said h4, .said h5, .said h6 { margin: 1.2rem 0 .4rem; font-size: 1.12rem; }
.said h5 { font-size: 1.02rem; } .said h6 { font-size: .95rem; }
.said li > p { margin: .2rem 0; }
blockquote { margin: .7rem 0; padding: .1rem 0 .1rem 1rem; border-left: 3px solid var(--line);
  color: var(--quiet); }
hr { border: 0; border-top: 1px solid var(--line); }
code { background: var(--code); border-radius: .3rem; padding: .1em .35em; font-size: .88em; }
pre {
  background: var(--code); border: 1px solid var(--line); border-radius: .55rem; padding: .75rem .95rem;
  overflow-x: auto; font-size: .85rem; line-height: 1.5; margin: .5rem 0; overflow-wrap: normal;
  unicode-bidi: plaintext; tab-size: 4;
}
pre.text { white-space: pre-wrap; overflow-wrap: anywhere; max-height: 32rem; overflow-y: auto; }
pre code { background: none; padding: 0; font-size: 1em; }
.code { position: relative; margin: .7rem 0; }
.language { position: absolute; top: .35rem; right: .7rem; font-size: .72rem; color: var(--quiet); }
.elsewhere { color: var(--quiet); border-bottom: 1px dotted; }
details { margin: .5rem 0; }
summary { cursor: pointer; color: var(--quiet); font-size: .9rem; border-radius: .4rem;
  padding: .15rem .3rem; }
summary:hover { background: var(--code); }
summary:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
summary b { color: var(--ink); font-weight: 600; }
.badge { font-size: .78rem; color: var(--quiet); }
.fold { border: 1px solid var(--line); border-radius: .6rem; background: var(--card); padding: .3rem .6rem; }
.fold[open] > summary { margin-bottom: .4rem; }
.fold > .plain { padding: .2rem .8rem .5rem 1.2rem; }
.thinking > .plain { color: var(--quiet); border-left: 2px solid var(--line); margin-left: .5rem;
  font-size: .93rem; }
.thinking.flat { padding: .35rem .9rem; font-size: .9rem; color: var(--quiet); margin: .5rem 0; }
.good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
.label { font-size: .75rem; color: var(--quiet); margin: .5rem .2rem 0; letter-spacing: .04em; }
.card { border: 1px solid var(--line); border-left: 4px solid var(--bad); border-radius: .5rem;
  background: var(--card); padding: .6rem 1rem; margin: .7rem 0; }
.card.remark { border-left-color: var(--warn); font-size: .92rem; }
.card p { margin: .2rem 0; }
.facts > summary { font-size: .8rem; }
.facts dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .4rem .3rem;
  font-size: .84rem; }
.facts dt { color: var(--quiet); } .facts dd { margin: 0; }
.attached { list-style: none; padding: 0; margin: .6rem 0 0; font-size: .88rem; color: var(--quiet); }
img { display: block; max-width: 100%; max-height: 28rem; border-radius: .4rem; border: 1px solid var(--line);
  margin: .4rem 0 .2rem; }
.wide { overflow-x: auto; margin: .7rem 0; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .7rem; text-align: left; vertical-align: top; }
th { color: var(--quiet); font-weight: 600; }
.right { text-align: right; } .center { text-align: center; }
#costs { margin-top: 3.5rem; } #costs table { width: 100%; font-size: .82rem; overflow-wrap: normal; }
#costs td { white-space: nowrap; } tfoot td { font-weight: 600; border: 0; }
footer { color: var(--quiet); font-size: .82rem; padding-top: 2rem; padding-bottom: 3rem; }
.k, .nt { color: var(--k); } .s, .gi { color: var(--s); } .c { color: var(--c); font-style: italic; }
.m { color: var(--m); } .nf, .nc, .nd, .na, .nb { color: var(--f); } .gd { color: var(--bad); }
.gh, .gu { font-weight: 600; }
@media (max-width: 40rem) {
  body { font-size: 15px; } header { padding-top: 1.6rem; } h1 { font-size: 1.5rem; }
  header, nav, main, footer { padding-left: .9rem; padding-right: .9rem; }
  .facts dl { grid-template-columns: 1fr; gap: 0; } .facts dd { margin-bottom: .4rem; }
  .branch { padding-left: .7rem; }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
@media print {
  :root { --paper: #fff; --card: #fff; --ink: #000; --quiet: #444; --line: #bbb; --prompt: #f3f3f3;
    --code: #f7f7f7; --accent: #135; --k: #609; --s: #262; --c: #555; --m: #840; --f: #036;
    --good: #152; --bad: #810; --warn: #640; }
  body { font-size: 10.5pt; } header { padding-top: 0; } nav { display: none; }
  header, main, footer { max-width: none; padding-left: 0; padding-right: 0; }
  .turn, .system { content-visibility: visible; contain-intrinsic-size: none; }
  pre, pre.text { white-space: pre-wrap; overflow-wrap: anywhere; max-height: none; }
  details::details-content { content-visibility: visible; block-size: auto; }
  .prompt, .card, img { break-inside: avoid; } h2, h3, .who { break-after: avoid; }
}
"""

POLICY = (
    "default-src 'none'; "
    f"style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'; "
    "img-src data:; base-uri 'none'; form-action 'none'"
)
"""What a browser may load for the page: this style sheet, and pictures that are in it."""
