// The panel that says why a figure is what it is: its formula, the numbers in it, and so on down to inputs and their documents.
function whyPanel(page) {
  "use strict";
  const panel = document.getElementById("why"), body = document.getElementById("why-body"), words = page.words;
  let opener = null;

  // make is an element with text or children; text never becomes markup.
  function make(tag, className, ...children) {
    const el = document.createElement(tag);
    if (className) el.className = className;
    children.forEach((child) => child !== null && el.append(child));
    return el;
  }
  const year = (col) => page.book().first + col + words.year;

  // shown is a figure in full.
  function shown(run, line, col) {
    const l = page.book().lines[line];
    if (l.u === "choice") return l.c[run.option(line)];
    let d;
    try { d = run.value(line, col); } catch (e) { return words.none; }
    if (d === null) return words.blank;
    return page.book().exactly(l.u, d) + unit(line);
  }
  const unit = (line) => (page.data.units[page.book().lines[line].u] ? " " + page.data.units[page.book().lines[line].u] : "");

  // headline is a figure as tables show it.
  function headline(run, line, col, total) {
    const d = total ? run.over(line, "total") : run.value(line, col);
    return d === null ? words.blank : page.book().short(page.book().lines[line].u, d);
  }

  // origin is where an input comes from.
  function origin(run, line) {
    const l = page.book().lines[line], o = page.data.book.origins[l.s[l.s.length > 1 ? run.result : 0]];
    const list = make("dl", "origin" + (o[1].startsWith("D") ? " made" : ""));
    [words.source, words.grade, words.note, words.by, words.place].forEach((name, i) => {
      if (o[i]) list.append(make("dt", "", name + words.colon), make("dd", "", o[i]));
    });
    return list;
  }

  // node is one figure; what it is made of is written when it is opened.
  function node(run, line, col, from, open) {
    const book = page.book(), name = from === null ? book.full(line) : run.label(line, from);
    const details = make("details", "", make("summary", "", name + " ", make("small", "", year(col)), " = ", make("b", "", shown(run, line, col))));
    let filled = false;
    function fill() {
      if (filled) return;
      filled = true;
      const why = run.explain(line, col);
      if (why === null) {
        details.append(origin(run, line));
        return;
      }
      details.append(make("p", "formula", "= " + why.words));
      if (why.numbers !== why.words) details.append(make("p", "formula", "= " + why.numbers));
      run.reads(line, col).forEach((r) => details.append(node(run, r[0], r[1], line, false)));
    }
    details.addEventListener("toggle", () => details.open && fill());
    if (open) {
      fill();
      details.open = true;
    }
    return details;
  }

  // documents are all inputs below some figures, by where they come from.
  function documents(run, cells) {
    const book = page.book(), seen = new Set(), found = new Map(), none = new Set(), todo = cells.slice().reverse();
    while (todo.length > 0) {
      const cell = todo.pop(), key = cell[0] * book.columns + cell[1];
      if (seen.has(key)) continue;
      seen.add(key);
      const reads = run.reads(cell[0], cell[1]);
      if (reads) {
        for (let i = reads.length - 1; i >= 0; i--) todo.push(reads[i]);
        continue;
      }
      const l = book.lines[cell[0]];
      const o = page.data.book.origins[l.s[l.s.length > 1 ? run.result : 0]];
      const from = o.slice(0, 2).filter(Boolean).join(" · ");
      if (!o[4]) none.add(from);
      if (!found.has(from)) found.set(from, new Map());
      found.get(from).set(cell[0], book.full(cell[0]));
    }
    // Documents first; what no document says, constants and defaults, last.
    const list = make("ul", ""), order = Array.from(found).sort((a, b) => none.has(a[0]) - none.has(b[0]));
    order.forEach(([from, lines]) => list.append(make("li", "", make("b", "", from), make("br", ""),
      make("small", "", lines.size + " " + words.inputs + words.colon + Array.from(lines.values()).join(words.list)))));
    return list;
  }

  // open explains the figure that a reference names; from is the button that asked, if it was one.
  function open(reference, from) {
    const parts = reference.split(" "), line = Number(parts[1]), total = parts[2] === "total", book = page.book();
    const run = parts[0] === "try" ? page.tried() : page.run(Number(parts[0]));
    run.warm([line]);
    const name = page.data.scenarios[run.result] + (parts[0] === "try" ? words.tried : "");
    const cols = [];
    for (let col = book.zero + 1; total && col < book.columns; col++) cols.push(col);
    if (!total) cols.push(Number(parts[2]));
    body.replaceChildren();
    body.append(make("p", "", name + " · " + (total ? words.total : year(cols[0]))), make("h3", "", book.full(line)), make("p", "big", headline(run, line, cols[0], total), make("small", "", unit(line))));
    if (total) body.append(make("p", "formula", "= " + cols.map((col) => shown(run, line, col)).join(" + ")));
    cols.forEach((col) => body.append(node(run, line, col, null, !total)));
    const all = make("details", "", make("summary", "", words.documents));
    all.id = "why-documents";
    all.addEventListener("toggle", () => all.open && all.children.length === 1 && all.append(documents(run, cols.map((col) => [line, col]))));
    body.append(make("hr", ""), all);
    if (opener) opener.classList.remove("open");
    opener = from;
    if (from) from.classList.add("open");
    panel.hidden = false;
    panel.scrollTop = 0;
    panel.focus();
    all.open = true;
  }

  function close() {
    if (panel.hidden) return false;
    panel.hidden = true;
    if (opener) {
      opener.classList.remove("open");
      opener.focus();
    }
    return true;
  }

  document.addEventListener("click", (e) => {
    const button = e.target.closest("[data-why]");
    if (button) open(button.dataset.why, button);
  });
  document.getElementById("why-close").addEventListener("click", close);

  // Within a table the arrow keys move from figure to figure; Tab leaves it.
  const figure = (cell) => cell && cell.querySelector("button.number");
  function move(button, key) {
    const cell = button.closest("td"), row = cell.parentNode, table = row.closest("table");
    const rows = Array.from(table.rows), y = rows.indexOf(row), x = cell.cellIndex;
    if (key === "ArrowLeft" || key === "ArrowRight") {
      const step = key === "ArrowLeft" ? -1 : 1;
      for (let i = x + step; row.cells[i]; i += step) if (figure(row.cells[i])) return figure(row.cells[i]);
    } else {
      const step = key === "ArrowUp" ? -1 : 1;
      for (let i = y + step; rows[i]; i += step) if (figure(rows[i].cells[x])) return figure(rows[i].cells[x]);
    }
    return null;
  }
  document.addEventListener("keydown", (e) => {
    const button = e.target.closest("td button.number");
    if (!button || page.presenting() || !e.key.startsWith("Arrow")) return;
    const next = move(button, e.key);
    e.preventDefault();
    if (!next) return;
    button.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
  function enter() { // each table is entered at its first figure
    document.querySelectorAll("main table").forEach((table) => {
      const first = table.querySelector("td button.number");
      if (first && !table.querySelector("button.number[tabindex='0']")) first.tabIndex = 0;
    });
  }
  return { open: open, close: close, enter: enter };
}
