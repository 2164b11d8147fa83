// Draws the charts of the briefing page and keeps them in step with the scenario switch, the theme, the window and the printer.
(function () {
  "use strict";
  const data = JSON.parse(document.getElementById("page-data").textContent);
  const root = document.documentElement, zh = root.lang.startsWith("zh");
  const figures = Array.from(document.querySelectorAll(".chart"));
  const charts = new Map();
  const switches = Array.from(document.querySelectorAll(".switch input"));
  let chosen = 0;

  const write = (n, places) => n.toLocaleString("en-US", { minimumFractionDigits: places, maximumFractionDigits: places });
  const number = (x) => typeof x === "number" && isFinite(x);
  const wan = (x) => (number(x) ? write(x, x % 1 === 0 ? 0 : 2) : "—");
  // Options name their formatters; a name that is not here, and any other text in such a place that could be a template, is dropped.
  const formatters = {
    "@wan": wan,
    "@whole": (p) => (number(p.value) && p.value !== 0 ? write(p.value, 0) : ""),
    "@percent": (x) => (number(x) ? write(x * 100, (x * 1000) % 10 === 0 ? 0 : 1) + "%" : "—"),
    "@percentOfCell": (p) => (number(p.value[2]) ? write(p.value[2] * 100, 1) + "%" : "—"),
    "@wholeOfCell": (p) => (number(p.value[2]) ? write(p.value[2], 0) : "—"),
    "@says": (list) => list[0].data.says.join("<br>"), // our own words and numbers
    "@nameAndWhole": (p) => p.name + " " + write(p.value, 0),
  };
  const sizes = new Set(["fontSize", "lineHeight", "symbolSize", "itemWidth", "itemHeight", "left", "right", "top", "bottom", "distance", "width", "nodeGap", "nodeWidth"]);

  // fit turns a stored option into one ECharts can use: formatters and colours by name, sizes by the page's font.
  function fit(o, scale, style) {
    for (const key of Object.keys(o)) {
      const v = o[key];
      if (key === "formatter" || key === "valueFormatter") {
        if (typeof v === "string" && v[0] === "@") o[key] = formatters[v];
        else if (v !== "{a}" && /[{}]/.test(v)) delete o[key];
      } else if (v !== null && typeof v === "object") {
        fit(v, scale, style);
      } else if (/color$/i.test(key) && typeof v === "string" && v.startsWith("--")) {
        o[key] = style.getPropertyValue(v).trim();
      } else if (sizes.has(key) && v !== "" && isFinite(v)) {
        o[key] = v * scale;
      }
    }
    return o;
  }

  // narrow gives a phone a legend instead of names beside the curves, and years without words.
  function narrow(o) {
    if (o.legend.textStyle) o.legend.textStyle.width = 110;
    (o.xAxis || []).forEach((axis) => {
      if (axis.type === "category") axis.data = axis.data.map((name) => name.replace(/^(\d{4}).*/, "$1"));
      else axis.splitNumber = 2;
    });
    (o.yAxis || []).forEach((axis) => { if (axis.type === "category") axis.axisLabel.width = 90; });
    o.series.forEach((s) => {
      if (s.endLabel) { s.endLabel.show = false; o.legend.show = true; o.grid[0].top = 60; o.grid[0].right = 16; }
      if (s.type === "heatmap") s.label.fontSize = 12;
      if (s.type === "sankey") {
        s.left = 4; s.right = 120; s.label.fontSize = 11; s.label.width = 110;
        s.data.forEach((node) => { delete node.label; });
      }
    });
    return o;
  }

  function draw(el, size) {
    if (!size && el.clientWidth === 0) return; // not on this screen
    const views = data.charts[el.id], style = getComputedStyle(root);
    const scale = parseFloat(style.fontSize) / 18;
    let o = JSON.parse(JSON.stringify(views[views.length > 1 ? chosen : 0]));
    if (el.id === "whatif") terms.curves(o);
    const width = size ? size.width : el.clientWidth;
    if (width < 640) o = narrow(o);
    if (width < 1000) o.legend.type = "scroll";
    o = fit(o, size ? size.scale : scale, style);
    let chart = charts.get(el);
    if (!chart) {
      charts.set(el, (chart = echarts.init(el, null, { renderer: "svg", locale: zh ? "ZH" : "EN" })));
      chart.on("click", (point) => { if (point.data && point.data.why) why.open(point.data.why, null); });
    }
    chart.resize(size ? { width: size.width, height: size.height } : { width: "auto", height: "auto" });
    chart.setOption(o, true);
    if (size) chart.getZr().flush();
  }
  const drawAll = (size) => figures.forEach((el) => draw(el, size));

  // Scenarios' runs are computed when somebody asks for a figure's reasons.
  let book = null;
  const runs = new Map();
  const page = {
    data: data,
    words: data.words,
    chosen: () => chosen,
    book: () => book || (book = openBook(data.book, data.words)),
    run: (result) => {
      if (!runs.has(result)) runs.set(result, page.book().run(result, null));
      return runs.get(result);
    },
    tried: () => terms.run(),
    presenting: () => slides.on(),
    closeWhy: () => why.close(),
    enter: () => why.enter(),
    redraw: (id) => (id ? draw(document.getElementById(id)) : drawAll()),
    choose: (index) => {
      if (index < 0 || index >= switches.length) return;
      switches[index].checked = true;
      choose(index);
    },
  };
  const why = whyPanel(page), terms = whatIf(page), slides = present(page);

  function choose(index) {
    chosen = index;
    document.querySelectorAll("[data-of]").forEach((el) => {
      const on = Number(el.dataset.of) === chosen;
      if (el.tagName === "LI") el.classList.toggle("on", on);
      else el.hidden = !on;
    });
    document.querySelectorAll("[data-row]").forEach((el) => el.classList.toggle("on", Number(el.dataset.row) === chosen));
    switches.forEach((el) => el.parentNode.classList.toggle("on", el.checked));
    figures.forEach((el) => {
      const views = data.charts[el.id];
      if (views.length > 1) { el.setAttribute("aria-label", data.says[el.id][chosen]); draw(el); }
    });
  }
  switches.forEach((el) => el.addEventListener("change", () => { choose(Number(el.value)); terms.choose(); }));

  const all = Array.from(document.querySelectorAll("section details"));
  const button = document.getElementById("tables");
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(open));
    all.forEach((d) => { d.open = open; });
  });

  let waiting = 0;
  window.addEventListener("resize", () => { clearTimeout(waiting); waiting = setTimeout(() => drawAll(), 120); });

  // The theme is the system's until the switch says otherwise.
  const system = window.matchMedia("(prefers-color-scheme: dark)"), theme = document.getElementById("theme");
  const dark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  function themed() {
    theme.setAttribute("aria-pressed", String(dark()));
    drawAll();
  }
  theme.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    themed();
  });
  system.addListener(themed);

  // On paper every chart is light and as wide as A4 across, and its table stands below it.
  let opened = [], screen = "";
  window.addEventListener("beforeprint", () => {
    opened = all.filter((d) => !d.open);
    opened.forEach((d) => { d.open = true; });
    screen = root.dataset.theme || "";
    root.dataset.theme = "light";
    drawAll({ width: 1030, height: 325, scale: 13 / 18 });
  });
  window.addEventListener("afterprint", () => {
    opened.forEach((d) => { d.open = false; });
    if (screen) root.dataset.theme = screen;
    else delete root.dataset.theme;
    drawAll();
  });

  const checked = switches.findIndex((el) => el.checked);
  chosen = Math.max(checked, 0);
  choose(chosen);
  themed();
  why.enter();
  setTimeout(() => terms.choose(), 0); // after the charts are on the screen
})();
