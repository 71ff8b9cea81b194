// The page's style: one column of text, wide tables and figures, a light and a dark ground, and paper.
#include <fmt/format.h>

#include "penfield/report/colour_scale.h"
#include "penfield/report/html_parts.h"

namespace penfield::report {
namespace {

constexpr std::string_view kColours = R"(:root{
--ground:#f5f6f8;--card:#ffffff;--ink:#1c242e;--muted:#566170;--line:#dde2e8;--soft:#eef1f4;
--positive:#b84f00;--negative:#0f62a5;--warn:#fff4e2;--warn-line:#e3a24c;--link:#0f62a5;--shadow:0 1px 2px #1c242e14,0 4px 16px #1c242e0a}
@media screen and (prefers-color-scheme:dark){:root{
--ground:#0f1318;--card:#171c23;--ink:#e6eaee;--muted:#9aa6b4;--line:#2b333d;--soft:#1e252d;
--positive:#ff9d45;--negative:#6db5f5;--warn:#2c2417;--warn-line:#a8752b;--link:#6db5f5;--shadow:none}}
)";

constexpr std::string_view kLayout = R"(*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);line-height:1.55;
font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","DejaVu Sans",sans-serif}
header,main,footer{max-width:1180px;margin:0 auto;padding:0 24px}
header{padding-top:52px}
footer{padding-top:8px;padding-bottom:56px;color:var(--muted);font-size:.875rem}
a{color:var(--link);text-underline-offset:2px}
:focus-visible{outline:3px solid var(--negative);outline-offset:2px;border-radius:4px}
.skip{position:absolute;left:-999px}.skip:focus{left:12px;top:12px;background:var(--card);padding:8px 14px;z-index:1}
h1{font-size:clamp(1.6rem,4.2vw,2.4rem);line-height:1.15;letter-spacing:-.02em;margin:.15em 0 .55em;overflow-wrap:anywhere}
h2{font-size:1.35rem;letter-spacing:-.01em;margin:2.6em 0 .3em}
h3{font-size:1.06rem;margin:0}
.eyebrow{color:var(--muted);font-size:.82rem;letter-spacing:.08em;text-transform:uppercase;margin:0}
.lead{max-width:52em;margin:.3em 0 1.2em}
.lead p{margin:.4em 0}
.story{display:grid;grid-template-columns:minmax(0,3fr) minmax(0,2fr);gap:6px 40px;margin:0 0 1em}
.story p{margin:.45em 0}.story .found{font-size:1.05rem}
.story .asked{color:var(--muted);font-size:.92rem;border-left:3px solid var(--line);padding-left:18px}
.story h2{font-size:.8rem;letter-spacing:.07em;text-transform:uppercase;color:var(--muted);margin:.2em 0;font-weight:600}
.note{color:var(--muted);font-size:.92rem;max-width:52em;margin:.2em 0 1em}
.plus{color:var(--positive);font-weight:650}.minus{color:var(--negative);font-weight:650}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;box-shadow:var(--shadow)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:14px;margin:0 0 1.6em;padding:0;list-style:none}
.tiles li{padding:14px 18px 12px}
.tiles b{display:block;font-size:1.75rem;line-height:1.2;font-weight:650;letter-spacing:-.02em;font-variant-numeric:tabular-nums}
.tiles li>span{color:var(--muted);font-size:.86rem;line-height:1.35;display:block}
.warnings{background:var(--warn);border:1px solid var(--warn-line);border-left-width:5px;border-radius:10px;padding:12px 18px;margin:1.2em 0}
.warnings h2{font-size:1rem;margin:0}.warnings ul{margin:.3em 0 0;padding-left:1.2em}
)";

constexpr std::string_view kTables = R"(.scroll{overflow-x:auto;margin:.6em 0}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--muted);font-size:.92rem;padding:14px 18px 6px}
caption span{display:inline-block;position:sticky;left:18px;max-width:min(100%,calc(100vw - 68px))}
th,td{padding:6px 12px;text-align:right;white-space:nowrap;border-bottom:1px solid var(--line)}
thead th{font-weight:600;color:var(--muted);vertical-align:bottom;border-bottom:1.5px solid var(--line)}
tbody tr:last-child>*{border-bottom:0}
tbody tr:hover{background:var(--soft)}
tbody th{font-weight:600}
th:first-child,td:first-child{padding-left:18px}th:last-child,td:last-child{padding-right:18px}
.left{text-align:left}.dim{color:var(--muted)}
.bar{display:flex;align-items:center;gap:6px;min-width:190px}
.bar i{display:block;height:10px}
.bar i.up{background:var(--positive);border-radius:0 3px 3px 0}.bar i.down{background:var(--negative);border-radius:3px 0 0 3px}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,480px),1fr));gap:18px;margin:1em 0}
figure{margin:0;padding:16px 18px 14px;display:flex;flex-direction:column}
figure.wide{grid-column:1/-1}
figure svg{width:100%;height:auto;display:block;margin:8px 0 4px}
figcaption{color:var(--muted);font-size:.88rem;line-height:1.45;margin-top:auto}
.dark{display:none!important}
@media screen and (prefers-color-scheme:dark){.dark{display:block!important}.light{display:none!important}}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 18px;margin:.5em 0;font-size:.92rem}
dt{color:var(--muted)}dd{margin:0;overflow-wrap:anywhere}
code,.hash{font:.86em/1.5 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
)";

constexpr std::string_view kUnits = R"(.unit{margin:18px 0;padding:18px 22px 20px;scroll-margin-top:12px}
.unit h3{font-size:1.2rem}.unit h4{font-size:.82rem;letter-spacing:.06em;text-transform:uppercase;color:var(--muted);margin:1.1em 0 .2em;font-weight:600}
.unit>p{margin:.25em 0 .5em}
.halves{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:6px 34px}
.legend{display:flex;flex-wrap:wrap;align-items:center;gap:6px 18px;font-size:.84rem;color:var(--muted);margin:1em 0 .5em}
.scale{display:inline-flex;align-items:center;gap:8px;font-variant-numeric:tabular-nums}
.scale i{display:inline-block;width:11px;height:14px}.scale span{display:inline-flex;border:1px solid var(--line);border-radius:3px;overflow:hidden}
.paper{background:#fff;color:#141414;border:1px solid var(--line);border-radius:8px;padding:12px 16px;max-height:25em;overflow:auto;
font:1rem/1.95 Charter,"Bitstream Charter","Iowan Old Style",Georgia,"Noto Serif","DejaVu Serif",serif;overflow-wrap:anywhere}
.paper p{margin:0 0 .8em}.paper p:last-child{margin:0}
.paper .where{font:.75rem/1.4 system-ui,sans-serif;color:#5b6674;margin:0 0 .35em}
.paper s,.key s{text-decoration:none;padding:.13em 0;border-radius:2px}
.paper u,.key u{text-decoration:underline;text-decoration-thickness:2px;text-underline-offset:3px}
.s{font-weight:700}.w{font-style:italic}
.key{background:#fff;color:#141414;padding:1px 6px;border-radius:4px;border:1px solid var(--line)}
@media (max-width:820px){.halves,.story{grid-template-columns:1fr}.story .asked{order:2}}
@media (max-width:760px){.wide .plot{overflow-x:auto}.wide svg{width:820px}}
@media (max-width:560px){body{font-size:15px}header,main,footer{padding-left:14px;padding-right:14px}header{padding-top:28px}
dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5em}.unit{padding:14px}.tiles{grid-template-columns:1fr 1fr;gap:10px}
.tiles li{padding:10px 12px}.tiles b{font-size:1.35rem}figure{padding:12px}.scale i{width:8px}}
@media print{@page{margin:16mm}body{background:#fff;font-size:10pt}header,main,footer{max-width:none;padding:0}
.card{box-shadow:none}.skip{display:none}.paper{max-height:none;overflow:visible}.scroll{overflow:visible}
figure,tr,.unit h3,.tiles li{break-inside:avoid}h2,h3,caption{break-after:avoid}.figures{grid-template-columns:1fr 1fr}
.paper s,.scale i,.bar i{-webkit-print-color-adjust:exact;print-color-adjust:exact}a{color:inherit;text-decoration:none}}
)";

}  // namespace

std::string html_style() {
  std::string style = fmt::format("{}{}{}{}", kColours, kLayout, kTables, kUnits);
  for (int step = 1; step <= kHeatSteps; ++step) {
    style += fmt::format(".p{0}{{background:{1}}}.n{0}{{background:{2}}}\n", step,
                         css(heat_step_colour(step)), css(heat_step_colour(-step)));
  }
  return style;
}

}  // namespace penfield::report
