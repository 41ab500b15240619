// Sorting, searching, charts, downloads and the view of one product. Every chart and every
// download is made from the table beside it, so that the page says one thing once.
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const NOTHING = "–";
  const NUMERIC = /^-?\d+(\.\d+)?(e[-+]?\d+)?$/i;

  const columnsOf = table => all("thead th", table).map(th => th.dataset.column);
  const textOf = cell => cell.querySelector(".open")?.textContent ?? cell.textContent;
  const valueOf = cell => "none" in cell.dataset ? null : cell.dataset.v ?? textOf(cell);

  function records(table) {
    const names = columnsOf(table);
    const numeric = all("thead th", table).map(th => th.classList.contains("number"));
    return all("tbody tr", table).map(row => Object.fromEntries([...row.cells].map((cell, i) => {
      const value = valueOf(cell);
      return [names[i], value !== null && numeric[i] ? Number(value) : value];
    })));
  }

  // A cell that a spreadsheet would take for a formula is led by an apostrophe.
  function csvCell(value) {
    if (value === null) return "";
    const safe = /^[=+\-@\t\r]/.test(value) && !NUMERIC.test(value) ? `'${value}` : value;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  }

  function csv(table) {
    const fixed = JSON.parse(table.dataset.fixed || "{}");
    const names = [...Object.keys(fixed), ...columnsOf(table)];
    const rows = all("tbody tr", table).map(row => [
      ...Object.values(fixed).map(value => value === null ? null : String(value)),
      ...[...row.cells].map(valueOf),
    ]);
    return [names, ...rows].map(row => row.map(csvCell).join(",")).join("\r\n") + "\r\n";
  }

  function download(name, text) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" }));
    link.download = `${name}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  }

  // A title in as many lines as the place is narrow; a legend beside itself where there is room.
  function fitted(spec, width) {
    const lines = [""];
    for (const word of spec.title.split(" ")) {
      if ((lines.at(-1).length + word.length) * 8.8 > width) lines.push("");
      lines.push(`${lines.pop()} ${word}`.trim());
    }
    const legend = { ...spec.config.legend, columns: width < 500 ? 1 : 2 };
    return { ...spec, title: lines, config: { ...spec.config, legend } };
  }

  function draw(place, spec, rows) {
    const whole = { ...fitted(spec, place.clientWidth), datasets: { rows } };
    return window.vegaEmbed(place, whole, { actions: false, renderer: "svg", ast: true });
  }

  function compare(one, other) {
    if (one === null || other === null) return (one === null) - (other === null);
    if (NUMERIC.test(one) && NUMERIC.test(other)) return Number(one) - Number(other);
    return one < other ? -1 : one > other ? 1 : 0;
  }

  function sort(table, th) {
    const place = [...th.parentNode.children].indexOf(th);
    const down = th.getAttribute("aria-sort") === "ascending";
    all("thead th", table).forEach(other => other.removeAttribute("aria-sort"));
    th.setAttribute("aria-sort", down ? "descending" : "ascending");
    const keyed = all("tbody tr", table).map(row => [valueOf(row.cells[place]), row]);
    keyed.sort(([one], [other]) => {
      if (one === null || other === null) return compare(one, other); // what is unknown stays last
      return down ? compare(other, one) : compare(one, other);
    });
    table.tBodies[0].append(...keyed.map(([, row]) => row));
  }

  function sortable(table) {
    all("thead th button", table).forEach(button =>
      button.addEventListener("click", () => sort(table, button.parentNode)));
  }

  function filterable(grid) {
    const table = grid.querySelector("table"), search = grid.querySelector("[data-search]");
    const chosen = JSON.parse(grid.dataset.chosen), names = columnsOf(table);
    const lists = all("[data-choose]", grid);
    const rows = all("tbody tr", table);
    for (const list of lists) {
      const place = names.indexOf(list.dataset.choose);
      const values = new Set(rows.map(row => valueOf(row.cells[place])).filter(v => v !== null));
      [...values].sort(compare).forEach(value => list.append(new Option(value, value)));
      list.value = chosen[list.dataset.choose] ?? "";
      list.addEventListener("change", apply);
    }
    search?.addEventListener("input", apply);
    const told = grid.querySelector("output");
    function apply() {
      const words = (search?.value ?? "").toLowerCase().split(/\s+/).filter(Boolean);
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !(words.every(word => text.includes(word)) && lists.every(list =>
          !list.value || valueOf(row.cells[names.indexOf(list.dataset.choose)]) === list.value));
      }
      if (told) told.textContent = `${rows.filter(row => !row.hidden).length} of ${rows.length} rows`;
    }
    if (told) apply();
  }

  // The view of one product: the same cells as the tables, written when they are asked for.
  const plain = number => {
    const size = Math.abs(number), form = digits => number.toLocaleString("en-US",
      { minimumFractionDigits: digits, maximumFractionDigits: digits });
    if (size >= 100) return form(1);
    if (size >= 1) return form(2);
    if (size >= 0.001 || number === 0) return number === 0 ? "0" : form(3);
    return number > 0 ? "<0.001" : ">-0.001";
  };
  function shown(value, unit) {
    if (value === null) return NOTHING;
    if (unit === "USD") return plain(Number(value) / 1e6);
    if (unit === "share") return `${(Number(value) * 100).toFixed(1)}%`;
    if (unit === "log") return `${Number(value) < 0 ? "" : "+"}${Number(value).toFixed(3)}`;
    if (unit === "true/false") return value === "true" ? "yes" : "no";
    return /^(ratio|score)/.test(unit) ? plain(Number(value)) : value;
  }
  const NUMBER_UNITS = new Set(["USD", "share", "ratio", "log", "score", "order", "1 or 2"]);

  function element(name, text = "", attributes = {}) {
    const made = document.createElement(name);
    made.textContent = text;
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    return made;
  }

  function viewTable(view, product, simulated) {
    const block = document.createElement("div");
    block.append(element("h4", view.title));
    const rows = view.rows[product];
    if (!rows) {
      block.append(element("p", "Nothing of this product stands there.", { class: "none" }));
      return block;
    }
    const scroll = element("div", "", { class: "scroll", tabindex: 0, role: "region", "aria-label": view.title });
    const fixed = JSON.stringify({ ...view.fixed, product });
    const table = element("table", "", { "data-table": view.table, "data-fixed": fixed });
    table.append(element("caption", `${simulated}${view.title}, product ${product}`));
    const head = table.createTHead().insertRow(), body = table.createTBody();
    for (const column of view.columns) {
      const th = element("th", "", { scope: "col", "data-column": column.name });
      if (NUMBER_UNITS.has(column.unit)) th.className = "number";
      th.append(element("button", column.label, { type: "button" }));
      head.append(th);
    }
    for (const cells of rows) {
      const row = body.insertRow();
      cells.forEach((cell, i) => {
        const td = row.insertCell(), column = view.columns[i];
        td.textContent = shown(cell, column.unit);
        if (cell === null) td.dataset.none = ""; else td.dataset.v = cell;
        if (NUMBER_UNITS.has(column.unit)) td.className = "number";
        else if (td.textContent.length > 40) td.className = "long";
      });
    }
    sortable(table);
    scroll.append(table);
    const button = element("button", "Download as CSV", { type: "button", class: "csv" });
    button.addEventListener("click", () => download(`${product}-${view.table}`, csv(table)));
    const below = element("p", "", { class: "below" });
    below.append(button, element("span", `${rows.length} rows from ${view.table}`));
    block.append(scroll, below);
    return block;
  }

  function productSpec(title) {
    const calm = { grid: false, labelAngle: 0, labelOverlap: true };
    const names = ["Kazakhstan says it exports", "Russia says it receives"];
    return {
      $schema: "https://vega.github.io/schema/vega-lite/v6.json",
      title, width: "container", height: 220, data: { name: "rows" },
      autosize: { type: "fit-x", contains: "padding" },
      config: JSON.parse(document.querySelector(".spec")?.textContent ?? "{}").config ?? {},
      mark: { type: "line", point: { size: 60 }, strokeWidth: 2.5 },
      encoding: {
        x: { field: "year", type: "ordinal", title: null, axis: calm },
        y: { field: "amount", type: "quantitative", title: "million USD" },
        color: { field: "who", type: "nominal", scale: { domain: names, range: ["#0072B2", "#D55E00"] }, legend: { title: null } },
        shape: { field: "who", type: "nominal", scale: { domain: names }, legend: { title: null } },
        tooltip: [{ field: "year" }, { field: "who", title: "figure" }, { field: "amount", title: "million USD", type: "quantitative", format: ",.3f" }],
      },
    };
  }

  function productRows(view, product) {
    const place = name => view.columns.findIndex(column => column.name === name);
    const sides = { exports_usd: "Kazakhstan says it exports", imports_cif_usd: "Russia says it receives" };
    return (view.rows[product] ?? []).flatMap(cells => Object.entries(sides)
      .filter(([name]) => cells[place(name)] !== null)
      .map(([name, who]) => ({ year: cells[place("year")], who, amount: Number(cells[place(name)]) / 1e6 })));
  }

  function productView() {
    const source = document.getElementById("product-held");
    if (!source) return;
    const held = JSON.parse(source.textContent), names = new Map(held.products);
    const choice = document.getElementById("product-choice");
    const heading = document.getElementById("product-name");
    const simulated = document.body.classList.contains("simulated") ? "SIMULATED: " : "";
    const plot = document.getElementById("product-plot");
    function open(product) {
      choice.value = product;
      const said = names.get(product);
      heading.textContent = `${simulated}${product}${said ? `: ${said}` : ""}`;
      const rows = productRows(held.views[0], product);
      plot.hidden = rows.length === 0;
      if (rows.length) draw(plot.querySelector(".drawn"), productSpec(`${simulated}${product}, Kazakhstan to Russia, as each side reports it`), rows);
      document.getElementById("product-tables").replaceChildren(
        ...held.views.map(view => viewTable(view, product, simulated)));
    }
    choice.addEventListener("change", () => open(choice.value));
    document.addEventListener("click", event => {
      const button = event.target.closest(".open");
      if (!button || !names.has(button.textContent)) return;
      open(button.textContent);
      heading.focus();
      heading.scrollIntoView();
    });
    open(choice.value);
  }

  function dictionarySearch() {
    const search = document.getElementById("words-search"), told = document.getElementById("words-count");
    const words = all(".word");
    search.addEventListener("input", () => {
      const asked = search.value.toLowerCase();
      words.forEach(word => { word.hidden = !word.textContent.toLowerCase().includes(asked); });
      told.textContent = `${words.filter(word => !word.hidden).length} of ${words.length} tables`;
    });
  }

  all("table[data-table]").forEach(sortable);
  all(".grid").forEach(filterable);
  document.addEventListener("click", event => {
    const button = event.target.closest(".csv[data-name]");
    if (button) download(button.dataset.name, csv(button.closest(".grid, figure").querySelector("table")));
  });
  dictionarySearch();
  productView();
  all("figure[data-chart]").forEach(figure => draw(figure.querySelector(".drawn"),
    JSON.parse(figure.querySelector(".spec").textContent), records(figure.querySelector("table"))));
})();
