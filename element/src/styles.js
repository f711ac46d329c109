// See `styles.d.ts`.

const LIGHT = { ground: "#fff", ink: "#1b2328", soft: "#515c65", line: "#c6ced4", edge: "#6f7b84", panel: "#f3f5f6",
  accent: "#0a5570", "on-accent": "#fff", mark: "#ffe8b0", look: "#b36b00" };
const DARK = { ground: "#14191c", ink: "#e9edf0", soft: "#aab5bd", line: "#3a454d", edge: "#87939c", panel: "#1d2429",
  accent: "#8ed1e8", "on-accent": "#0c2530", mark: "#5c4310", look: "#ffc45c" };

const tokens = (scheme, colours) =>
  Object.keys(colours).reduce((css, name) => `${css}--${name}:var(--think-twice-${name},${colours[name]});`,
    `color-scheme:${scheme};`);

export const STYLES = `
:host{display:block !important;visibility:visible !important;opacity:1 !important;font-size:medium !important}
:host([hidden]){display:none !important}
.frame {
  all:initial;
  ${tokens("light",LIGHT)}
  --radius:var(--think-twice-radius,4px);
  --fixed:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;
  display:block;box-sizing:border-box;max-inline-size:44em;margin-inline:auto;padding:1em;
  background:var(--ground);color:var(--ink);overflow-wrap:break-word;
  font:1.0625em/1.55 var(--think-twice-font,system-ui),"PingFang HK",
  "Microsoft JhengHei","Noto Sans HK","Noto Sans CJK HK","Noto Sans Arabic",sans-serif;
  font-variant-numeric:tabular-nums
}
.frame:lang(zh){line-height:1.75}
.frame:lang(zh-Hans){font-family:var(--think-twice-font,system-ui),"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",
  sans-serif}
@media (prefers-color-scheme:dark){:host(:not([theme=light])) .frame{${tokens("dark",DARK)} }}
:host([theme=dark]) .frame{${tokens("dark",DARK)}}
dialog.frame{position:fixed;inset:0;margin:auto;block-size:fit-content;max-inline-size:min(44em,100vw);
  max-block-size:100%;overflow:auto;border:1px solid var(--edge);border-radius:var(--radius);padding:1.5em}
dialog:not([open]){display:none}
::backdrop{background:rgb(0 0 0 / .6)}
*{box-sizing:border-box}
h2,h3,p,ul,ol,dl,dd,fieldset,blockquote{margin:0;padding:0;border:0}
h2{font-size:1.53em;line-height:1.25;margin-block-end:.6em}
h3{font-size:1.18em;margin-block:1.6em .4em}
p,ul,ol,dl{margin-block-end:.94em;max-inline-size:65ch}
ul,ol{padding-inline-start:1.5em}
li{margin-block-end:.5em}
a,summary,.link{color:var(--accent);text-decoration:underline;text-underline-offset:.18em}
a:hover{text-decoration-thickness:2px}
bdi{font-weight:600;overflow-wrap:anywhere}
.languages,.exits{margin:-.5em -.5em .5em}
.languages{text-align:end}
.badge{color:var(--soft);font-size:.825em;display:flex;gap:.5em;align-items:center}
.this_withdrawal,.notice{font-size:1.18em;line-height:1.5}
.self_check{border-inline-start:4px solid var(--look);padding-inline-start:1em;font-weight:600}
.help bdi,dl bdi{font-weight:inherit}
.help a{font-weight:600;white-space:nowrap}
blockquote,.fault{background:var(--panel);padding:1em;border-radius:var(--radius)}
blockquote :last-child,.foot :last-child{margin:0}
dl{border-block:1px solid var(--line);max-inline-size:none}
dl > div{padding-block:.5em}
dl > div + div{border-block-start:1px solid var(--line)}
.facts > div{display:flex;flex-wrap:wrap;gap:0 1em}
.facts dt{flex:0 0 5em}
.facts dd{flex:1 1 12em;min-inline-size:0}
dt,.label,.foot{font-weight:400;color:var(--soft);font-size:.825em;line-height:1.75}
p .label{display:block}
.address{font-family:var(--fixed);font-size:.94em;line-height:1.8;text-align:match-parent;display:block}
.group{white-space:nowrap;margin-inline-end:.5ch}
mark{background:var(--mark);color:inherit;padding-block:2px}
.asked{border-block-end:3px solid var(--look);font-weight:700}
.aloud{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%);margin:0}
.actions{display:flex;flex-wrap:wrap;gap:.5em 1em;align-items:center;margin-block:1.75em 1.5em}
button{font:inherit;font-weight:600;min-block-size:48px;padding:.6em 1.4em;border:1px solid var(--edge);
  border-radius:var(--radius);cursor:pointer;background:transparent;color:var(--ink);line-height:1.4}
button:hover{border-color:var(--accent);text-decoration:underline}
.safe{background:var(--accent);border-color:var(--accent);color:var(--on-accent)}
.quiet,.link{border-color:transparent;font-weight:400;text-decoration:underline;padding-inline:.5em}
.link{font-size:.825em}
[aria-pressed=true]{color:var(--ink);text-decoration:none;font-weight:600}
:focus-visible{outline:3px solid var(--accent);outline-offset:3px;border-radius:2px}
h2:focus{outline:none}
.step{border-block-start:1px solid var(--line);padding-block-start:1.5em}
label,legend{display:block;font-weight:600;padding:0;margin-block-end:.5em}
.typed{font:1.18em var(--fixed);inline-size:9ch;min-block-size:48px;padding:.4em;letter-spacing:.1em;
  background:var(--ground);color:var(--ink);border:2px solid var(--edge);border-radius:var(--radius)}
details,fieldset{margin-block:1em 1.5em;min-inline-size:0}
summary{cursor:pointer;padding-block:.6em}
.check{display:flex;gap:1em;font-weight:400;padding-block:.6em;margin:0;max-inline-size:65ch}
.check input{flex:none;inline-size:24px;block-size:24px;margin:0;accent-color:var(--accent)}
.fault{border-inline-start:4px solid var(--look);margin-block-end:1.5em}
dd a{margin-inline-end:1em;line-height:2}
.foot:empty{display:none}
.foot{border-block-start:1px solid var(--line);margin-block-start:2em;padding-block-start:1em}
@media (max-width:30em) {
  .actions{flex-direction:column;align-items:stretch}
  dialog.frame{padding:1em;border:0;inline-size:100vw;block-size:100%}
}
@media (forced-colors:active) {
  .safe{forced-color-adjust:none;background:Highlight;color:HighlightText;border-color:Highlight}
  mark{background:Mark;color:MarkText}
}
`;
