/** How the HTML report looks, on a screen, in a mail and on paper. */
export const REPORT_CSS = `
body{font:14px/1.45 system-ui,sans-serif;color:#1b2530;background:#fff;max-width:1000px;margin:24px auto;padding:0 16px}
h1{font-size:22px;margin:0 0 4px}h2{font-size:17px;margin:28px 0 8px;border-bottom:1px solid #cfd6dd}h3{font-size:15px;margin:18px 0 2px}
p{margin:4px 0}.quiet{color:#5d6b78;font-weight:normal}.good{color:#1f7a3d}.warn{color:#8a5a00}.bad{color:#b3261e}
.facts{display:flex;flex-wrap:wrap;gap:8px 28px;list-style:none;padding:0;margin:12px 0}.facts b{font-size:20px}
table{border-collapse:collapse;width:100%;margin:6px 0;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:3px 10px 3px 0;border-bottom:1px solid #e4e9ee;vertical-align:top;white-space:nowrap}
th{font-weight:600;color:#5d6b78}td.name{font-weight:600;white-space:normal;overflow-wrap:anywhere}td.long{white-space:normal}
ul{margin:4px 0;padding-left:20px}.charts{display:flex;flex-wrap:wrap;gap:10px 16px}
figure{margin:4px 0;flex:1 1 280px}figcaption{color:#5d6b78;font-size:12px}
svg{display:block;width:100%;background:#f4f6f8}section{break-inside:avoid}
.line{fill:none;stroke:#23618e;stroke-width:1.2;vector-effect:non-scaling-stroke}
.mark{stroke:#b3261e;stroke-width:1;stroke-dasharray:4 3;vector-effect:non-scaling-stroke}
rect.up{fill:#7cc096}rect.down{fill:#b3261e}rect.paused{fill:#d9a441}rect.unknown{fill:#c3ccd4}
@media print{body{margin:0;max-width:none;font-size:11px}tr{break-inside:avoid}svg,rect{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`
