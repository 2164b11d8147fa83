// Draws the charts of the briefing page and keeps them in step with the scenario switch, the window and the printer.
(function () {
  "use strict";
  const data = JSON.parse(document.getElementById("chart-data").textContent);
  const zh = document.documentElement.lang.startsWith("zh");
  const figures = Array.from(document.querySelectorAll(".chart"));
  const charts = new Map();
  let chosen = 0;

  const write = (n, places) => n.toLocaleString("en-US", { minimumFractionDigits: places, maximumFractionDigits: places });
  const number = (x) => typeof x === "number" && isFinite(x);
  // Options name their formatters; a name that is not here, and any other text in such a place that could be a template, is dropped.
  const formatters = {
    "@wan": (x) => (number(x) ? write(x, x % 1 === 0 ? 0 : 2) : "—"),
    "@whole": (p) => (number(p.value) && p.value !== 0 ? write(p.value, 0) : ""),
    "@percent": (x) => (number(x) ? write(x * 100, (x * 1000) % 10 === 0 ? 0 : 1) + "%" : "—"),
    "@percentOfCell": (p) => (number(p.value[2]) ? write(p.value[2] * 100, 1) + "%" : "—"),
  };
  const sizes = new Set(["fontSize", "lineHeight", "symbolSize", "itemWidth", "itemHeight", "left", "right", "top", "bottom", "distance", "width"]);

  // fit turns a stored option into one ECharts can use: formatters by name, sizes by the page's font.
  function fit(o, scale) {
    for (const key of Object.keys(o)) {
      const v = o[key];
      if (key === "formatter" || key === "valueFormatter") {
        if (typeof v === "string" && v[0] === "@") o[key] = formatters[v];
        else if (v !== "{a}" && /[{}]/.test(v)) delete o[key];
      } else if (v !== null && typeof v === "object") {
        fit(v, scale);
      } else if (sizes.has(key) && v !== "" && isFinite(v)) {
        o[key] = v * scale;
      }
    }
    return o;
  }

  // narrow gives a phone a legend instead of names beside the curves, and years without words.
  function narrow(o) {
    o.legend.textStyle.width = 110;
    if (o.xAxis[0].type === "category") o.xAxis[0].data = o.xAxis[0].data.map((year) => year.slice(0, 4));
    if (o.yAxis[0].type === "category") o.yAxis[0].axisLabel.width = 90;
    o.series.forEach((s) => {
      if (s.endLabel) { s.endLabel.show = false; o.legend.show = true; o.grid[0].top = 60; o.grid[0].right = 16; }
      if (s.type === "heatmap") { s.label.fontSize = 12; }
    });
    return o;
  }

  function draw(el, size) {
    const views = data[el.id];
    const scale = parseFloat(getComputedStyle(document.documentElement).fontSize) / 18;
    let o = JSON.parse(JSON.stringify(views[views.length > 1 ? chosen : 0]));
    const width = size ? size.width : el.clientWidth;
    if (width < 640) o = narrow(o);
    if (width < 1000) o.legend.type = "scroll";
    o = fit(o, size ? size.scale : scale);
    let chart = charts.get(el);
    if (!chart) charts.set(el, (chart = echarts.init(el, null, { renderer: "svg", locale: zh ? "ZH" : "EN" })));
    chart.resize(size ? { width: size.width, height: size.height } : { width: "auto", height: "auto" });
    chart.setOption(o, true);
    if (size) chart.getZr().flush();
  }
  const drawAll = (size) => figures.forEach((el) => draw(el, size));

  function choose(index) {
    chosen = index;
    document.querySelectorAll("[data-of]").forEach((el) => {
      if (el.tagName !== "LI") el.hidden = Number(el.dataset.of) !== chosen;
    });
    document.querySelectorAll("[data-row]").forEach((el) => el.classList.toggle("on", Number(el.dataset.row) === chosen));
    document.querySelectorAll(".switch input").forEach((el) => el.parentNode.classList.toggle("on", el.checked));
    figures.filter((el) => data[el.id].length > 1).forEach((el) => draw(el));
  }
  document.querySelectorAll(".switch input").forEach((el) => el.addEventListener("change", () => choose(Number(el.value))));

  const all = Array.from(document.querySelectorAll("section details"));
  const button = document.getElementById("tables");
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(open));
    all.forEach((d) => { d.open = open; });
  });

  let waiting = 0;
  window.addEventListener("resize", () => { clearTimeout(waiting); waiting = setTimeout(() => drawAll(), 120); });

  // On paper every chart is as wide as A4 across, and its table stands below it.
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = all.filter((d) => !d.open);
    opened.forEach((d) => { d.open = true; });
    drawAll({ width: 1030, height: 351, scale: 13 / 18 });
  });
  window.addEventListener("afterprint", () => {
    opened.forEach((d) => { d.open = false; });
    drawAll();
  });

  const checked = document.querySelector(".switch input:checked");
  chosen = checked ? Number(checked.value) : 0;
  drawAll();
  choose(chosen);
})();
