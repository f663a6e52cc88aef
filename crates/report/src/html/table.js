// Sorts, filters and pages the tables of this page.
//
// Rows are data in the page. They reach it by textContent alone: whatever a row says, it
// is text. Without this script small tables stand as they are.
(() => {
  "use strict";

  // A column with no more different values than this gets a list to choose from.
  const FEW_VALUES = 12;
  // A longer text is a sentence, and nobody chooses a sentence from a list.
  const LONGEST_VALUE = 24;
  const TYPING_MS = 150;

  const element = (name, properties = {}, children = []) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  const textOf = (cell) =>
    cell === null ? "" : Array.isArray(cell) ? cell.join("; ") : String(cell);

  // What a cell is compared by. Times are written so that their text sorts as they do.
  const keyOf = (cell, kind) => {
    if (cell === null || (Array.isArray(cell) && cell.length === 0) || cell === "") return null;
    return kind === "number" ? Number(cell) : textOf(cell).toLowerCase();
  };

  // Empty cells stay last both ways; equal rows keep the order of the report.
  const byKey = (keys, descending) => (a, b) => {
    const left = keys[a];
    const right = keys[b];
    if (left === right) return a - b;
    if (left === null) return 1;
    if (right === null) return -1;
    const order = left < right ? -1 : 1;
    return descending ? -order : order;
  };

  const fewValues = (rows, column, kind) => {
    const values = new Set();
    for (const row of rows) {
      const cell = row[column];
      if (Array.isArray(cell)) return [];
      const text = textOf(cell);
      if (kind === "text" && text.length > LONGEST_VALUE) return [];
      values.add(text);
      if (values.size > FEW_VALUES) return [];
    }
    return values.size < 2 ? [] : [...values].sort();
  };

  const cellElement = (cell, kind, classes) => {
    const made = element("td", { className: kind });
    if (Array.isArray(cell)) {
      made.append(...cell.map((item) => element("span", { className: "item", textContent: item })));
      return made;
    }
    const text = textOf(cell);
    if (kind === "class" && Object.hasOwn(classes, text)) {
      const swatch = element("span", { className: classes[text] });
      swatch.setAttribute("aria-hidden", "true");
      made.append(swatch);
    }
    made.append(text);
    return made;
  };

  const enliven = (box) => {
    const { rows, kinds, classes, page } = JSON.parse(
      document.getElementById(`${box.id}-data`).textContent,
    );
    const body = box.querySelector("tbody");
    const heads = [...box.querySelectorAll("th")];
    const names = heads.map((head) => head.textContent);
    const scroll = box.querySelector(".scroll");
    const all = rows.map((_, at) => at);
    const chosen = new Map();
    let words = "";
    let sorted = { column: -1, descending: false };
    let found = all;
    let first = 0;

    const status = element("p", { className: "status" });
    status.setAttribute("role", "status");
    const back = element("button", { type: "button", textContent: "Previous page" });
    const next = element("button", { type: "button", textContent: "Next page" });

    const show = () => {
      const shown = found.slice(first, first + page);
      body.replaceChildren(
        ...shown.map((at) =>
          element("tr", {}, rows[at].map((cell, column) => cellElement(cell, kinds[column], classes))),
        ),
      );
      const count = found.length.toLocaleString("en");
      const range = found.length
        ? `Rows ${(first + 1).toLocaleString("en")} to ${(first + shown.length).toLocaleString("en")} of ${count}`
        : "No row matches the filter";
      const filtered =
        found.length < rows.length ? `, filtered from ${rows.length.toLocaleString("en")}` : "";
      const order =
        sorted.column < 0
          ? ""
          : `, by ${names[sorted.column]}, ${sorted.descending ? "descending" : "ascending"}`;
      status.textContent = range + filtered + order;
      back.disabled = first === 0;
      next.disabled = first + page >= found.length;
    };

    const choose = () => {
      found = all.filter((at) => {
        const row = rows[at];
        for (const [column, value] of chosen) if (textOf(row[column]) !== value) return false;
        return words === "" || row.some((cell) => textOf(cell).toLowerCase().includes(words));
      });
      if (sorted.column >= 0) {
        const kind = kinds[sorted.column];
        const keys = rows.map((row) => keyOf(row[sorted.column], kind));
        found = found.slice().sort(byKey(keys, sorted.descending));
      }
      first = 0;
      show();
    };

    const sortBy = (column) => {
      const again = sorted.column === column;
      sorted = { column, descending: again && !sorted.descending };
      heads.forEach((head, at) => {
        const order = sorted.descending ? "descending" : "ascending";
        head.setAttribute("aria-sort", at === column ? order : "none");
      });
      choose();
    };

    const turn = (pages) => {
      first = Math.max(0, first + pages * page);
      show();
      scroll.scrollTop = 0;
    };

    const searchBox = () => {
      const field = element("input", { type: "search", spellcheck: false });
      let typing = 0;
      field.addEventListener("input", () => {
        clearTimeout(typing);
        typing = setTimeout(() => {
          words = field.value.trim().toLowerCase();
          choose();
        }, TYPING_MS);
      });
      return element("label", {}, ["Find ", field]);
    };

    const valueList = (column, values) => {
      const list = element("select", {}, [element("option", { value: "all", textContent: "all" })]);
      values.forEach((value, at) => {
        list.append(element("option", { value: String(at), textContent: value || "(empty)" }));
      });
      list.addEventListener("change", () => {
        if (list.value === "all") chosen.delete(column);
        else chosen.set(column, values[Number(list.value)]);
        choose();
      });
      return element("label", {}, [`${names[column]} `, list]);
    };

    heads.forEach((head, column) => {
      const button = element("button", { type: "button", textContent: names[column] });
      button.addEventListener("click", () => sortBy(column));
      head.replaceChildren(button);
      head.setAttribute("aria-sort", "none");
    });
    const tools = element("div", { className: "tools" }, [searchBox()]);
    kinds.forEach((kind, column) => {
      const values = kind === "text" || kind === "class" ? fewValues(rows, column, kind) : [];
      if (values.length) tools.append(valueList(column, values));
    });
    scroll.before(tools);
    const pages = rows.length > page ? [back, next] : [];
    back.addEventListener("click", () => turn(-1));
    next.addEventListener("click", () => turn(1));
    scroll.after(element("div", { className: "pages" }, [...pages, status]));
    scroll.hidden = false;
    show();
  };

  for (const box of document.querySelectorAll(".table")) {
    if (document.getElementById(`${box.id}-data`)) enliven(box);
  }
})();
