namespace Volute.Training;

/// <summary>The look of the page: system fonts, light or dark as the reader's system is, one column on a phone, plain on paper.</summary>
internal static class ReportStyle
{
    public const string Css = """
        :root{color-scheme:light dark;--page:#f6f7f9;--panel:#fff;--text:#1a2029;--muted:#566070;--line:#dde2e9;--grid:#e8ebf0;--accent:#0b62b8;--good:#0a7a55;--bad:#b3261e;--right:#0b62b8;--wrong:#b3261e;--on-strong:#fff;--warn:#fff4d6;--warn-line:#d9a400;--c0:#7a8594;--c1:#0b62b8;--c2:#b8540a;--c3:#7a3fb0}
        @media(prefers-color-scheme:dark){:root{--page:#11151b;--panel:#1a2029;--text:#e8ecf2;--muted:#a5afbd;--line:#333c49;--grid:#2a323d;--accent:#6cb2ff;--good:#4fd1a1;--bad:#ff8a80;--right:#6cb2ff;--wrong:#ff8a80;--on-strong:#0c1116;--warn:#3a3012;--warn-line:#d9a400;--c0:#98a3b3;--c1:#6cb2ff;--c2:#ffa657;--c3:#c9a0ff}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--page);color:var(--text);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
        main{max-width:1160px;margin:0 auto;padding:32px 20px 64px}
        h1{font-size:1.55rem;line-height:1.25;margin:0 0 4px;overflow-wrap:anywhere}h2{font-size:1.15rem;margin:0 0 14px}h3{font-size:1rem;margin:22px 0 10px}h4{font-size:.95rem;font-weight:600;margin:0 0 8px;overflow-wrap:anywhere}
        p{margin:0 0 10px;max-width:80ch}.subtitle,.note,small,figcaption{color:var(--muted)}.subtitle{margin:0 0 22px;max-width:none}.note{margin:0 0 10px;font-size:.9rem;max-width:none}
        section{background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:20px 22px;margin:0 0 18px}
        .verdict{border-left:5px solid var(--accent)}.verdict .first{font-size:1.25rem;line-height:1.4;font-weight:600;text-wrap:balance}.verdict p:last-child{margin-bottom:0}
        .warnings{background:var(--warn);border-color:var(--warn-line)}.warnings ul{margin:0;padding-left:20px}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:0 0 18px}
        .tile{background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:12px 14px}.tile dt{color:var(--muted);font-size:.82rem}.tile dd{margin:0;font-size:1.3rem;font-weight:600;white-space:nowrap;font-variant-numeric:tabular-nums}.tile dd.small{font-size:.8rem;font-weight:400;color:var(--muted)}
        .scroll{overflow-x:auto}.scroll th:first-child{position:sticky;left:0;background:var(--panel)}.scroll:focus-visible{outline:2px solid var(--accent);outline-offset:3px}
        table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
        th,td{padding:6px 14px 6px 0;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}th[scope=row],th:first-child,table.words td,table.words th{text-align:left}thead th{color:var(--muted);font-weight:600;vertical-align:bottom;white-space:normal}tbody th{font-weight:500;white-space:normal;max-width:260px;overflow-wrap:break-word}
        table.words{width:100%;margin-bottom:12px}table.words tbody th:first-child{min-width:8.5em}table.metrics td:nth-child(2){font-weight:600}table.metrics th:first-child{min-width:7em}table.metrics td:nth-child(-n+3){white-space:nowrap}table.words td,table.words th{white-space:normal;vertical-align:top;overflow-wrap:anywhere}
        table.matrix{width:max-content}table.matrix td{text-align:center;padding:7px 10px;min-width:74px;border:1px solid var(--line)}table.matrix thead th{text-align:center;padding:6px 8px;max-width:150px;overflow-wrap:break-word}td.nothing{color:var(--muted)}table.matrix th:first-child{text-align:left;padding:6px 14px 6px 0;white-space:nowrap;max-width:none}table.matrix tbody th:first-child{white-space:normal}table.matrix small{display:block;font-size:.76rem;line-height:1.2}
        .right{background:color-mix(in srgb,var(--right) var(--tint),var(--panel))}.wrong{background:color-mix(in srgb,var(--wrong) var(--tint),var(--panel))}td.strong,td.strong small{color:var(--on-strong)}td.right:not(.strong) small,td.wrong:not(.strong) small{color:var(--text)}
        figure{margin:0}.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:22px}.plots figcaption{display:flex;flex-wrap:wrap;gap:4px 18px;align-items:baseline}.plots figcaption b{color:var(--text)}
        .plot{display:block;width:100%;height:auto;overflow:visible}.plot text{fill:var(--muted);font-size:13px;font-family:inherit;font-variant-numeric:tabular-nums}
        .grid{stroke:var(--grid);fill:none}.axis{stroke:var(--muted);fill:none}.mark{stroke:var(--muted);stroke-dasharray:2 4;fill:none}
        .line{fill:none;stroke-width:2.25;stroke-linejoin:round;stroke-linecap:round}.line0{stroke:var(--c0);stroke-dasharray:6 5}.line1{stroke:var(--c1)}.line2{stroke:var(--c2);stroke-dasharray:10 4 2 4}.line3{stroke:var(--c3);stroke-dasharray:2 5}
        .plots figure:nth-child(2) .line0{stroke:var(--c1);stroke-dasharray:none}.plots figure:nth-child(2) .line1{stroke:var(--c2);stroke-dasharray:6 5}.plots figure:nth-child(2) .line2{stroke:var(--c3)}.plots figure:nth-child(2) .line3{stroke:var(--c0)}
        .dot0{fill:var(--c0)}.dot1{fill:var(--c1)}.dot2{fill:var(--c2)}.dot3{fill:var(--c3)}.hover{fill:transparent}.hover:hover{fill:var(--accent)}
        .single{max-width:560px}.plot .over{paint-order:stroke;stroke:var(--panel);stroke-width:5px;stroke-linejoin:round}.dots{opacity:.85}.dots circle{stroke:var(--panel);stroke-width:1}.bars{display:block;width:160px;height:14px}
        .scale{display:block;width:120px;height:16px}.scale .grid{stroke:var(--line)}.whisker{stroke:var(--c1);stroke-width:3;stroke-linecap:round;opacity:.55}
        .legend{list-style:none;display:flex;flex-wrap:wrap;gap:4px 18px;margin:0 0 12px;padding:0;font-size:.88rem}.plots .legend{margin:0}.legend li{display:flex;align-items:center;gap:7px;overflow-wrap:anywhere}.key{width:30px;height:10px}
        .swatch{display:inline-block;flex:none;width:13px;height:13px;border-radius:3px;border:1px solid var(--muted);margin-right:7px;vertical-align:-1px}.legend .swatch{margin:0}
        .case{margin:0 0 20px}.panels{display:grid;grid-template-columns:repeat(4,1fr);gap:10px}.panels img{width:100%;height:auto;border-radius:4px;display:block}.panels figcaption{font-size:.85rem;padding-top:3px}
        .cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(128px,1fr));gap:16px 14px}.card img{width:100%;height:auto;max-width:160px;border-radius:4px;display:block;margin-bottom:4px}.card figcaption{font-size:.88rem;line-height:1.35;overflow-wrap:anywhere;color:var(--text)}.pixelated{image-rendering:pixelated}.good{color:var(--good)}.bad{color:var(--bad)}
        details{margin-top:12px}summary{cursor:pointer;color:var(--accent)}code{font:.82rem/1.5 ui-monospace,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
        @media(max-width:640px){main{padding:20px 12px 40px}section{padding:16px 14px}.panels{grid-template-columns:repeat(2,1fr)}.verdict .first{font-size:1.1rem}.tiles{grid-template-columns:repeat(2,1fr)}.metrics,.metrics tbody,.metrics tr,.metrics td,.metrics th[scope=row]{display:block;border:0;padding:0}.metrics tbody th{font-weight:600}.scroll table{width:max-content}.scroll th:first-child,table.matrix th:first-child{max-width:38vw;white-space:normal}.plot text{font-size:18px}.metrics thead{display:none}.metrics tr{padding:10px 0;border-bottom:1px solid var(--line)}}
        @media print{body{background:#fff}section,.case,figure{break-inside:avoid}}
        """;
}
