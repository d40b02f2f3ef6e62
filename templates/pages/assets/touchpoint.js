// A touchpoint's form: variables go where the caret is, fields that do not apply are put away, faults stand at their field.
(() => {
  const form = () => document.getElementById("touchpoint-form");
  let words;

  document.addEventListener("focusin", (event) => {
    if (event.target.matches?.("[data-words]")) words = event.target;
  });
  const insert = (text) => {
    const field = words?.isConnected ? words : form()?.querySelector("[data-words]");
    if (!field) return;
    field.focus();
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  /** Adds a value to a list of values with 、 between them. */
  const add = (field, value) => {
    const values = field.value.split("、").map((one) => one.trim()).filter(Boolean);
    if (!values.includes(value)) field.value = [...values, value].join("、");
    field.dispatchEvent(new Event("change", { bubbles: true }));
    field.focus();
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-insert], [data-add-to]");
    if (!button) return;
    if (button.dataset.insert) return insert(button.dataset.insert);
    const field = form()?.elements[button.dataset.addTo];
    if (field) add(field, button.dataset.value);
    button.remove();
  });

  // a file no channel takes is not even sent
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.type !== "file" || !form()?.contains(field)) return;
    const most = field.accept.startsWith("image/") ? 10 : 20;
    if ((field.files[0]?.size ?? 0) <= most * 1024 * 1024) return;
    field.value = "";
    const { say, either } = window.guidepost;
    say(either(`文件最多 ${most} MB，请压缩后再选`, `At most ${most} MB`), "bad");
    event.stopImmediatePropagation();
  }, true);

  // what does not apply is put away
  const tidy = () => {
    const fields = form()?.elements;
    if (!fields) return;
    for (const part of form().querySelectorAll("[data-when]")) {
      const [name, values] = part.dataset.when.split("=");
      part.hidden = !values.split(",").includes(fields[name]?.value ?? "");
    }
  };
  document.addEventListener("change", tidy);
  document.addEventListener("DOMContentLoaded", tidy);

  // what is wrong stands at its field
  const place = () => {
    if (!form()) return;
    const told = new Map([...document.querySelectorAll("#faults [data-for]")].map((line) => [line.dataset.for, line.textContent]));
    for (const spot of form().querySelectorAll("[data-fault]")) {
      const text = told.get(spot.dataset.fault) ?? "";
      if (spot.textContent !== text) spot.textContent = text;
    }
    for (const field of form().querySelectorAll("[aria-describedby^='fault-']")) {
      const names = field.getAttribute("aria-describedby").split(" ").map((id) => id.replace(/^fault-/, ""));
      if (names.some((name) => told.has(name))) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
  };
  document.addEventListener("htmx:afterSettle", () => { tidy(); place(); });
  document.addEventListener("htmx:oobAfterSwap", place);
  document.addEventListener("DOMContentLoaded", place);

  // from what is wrong to the field it is wrong in
  document.addEventListener("click", (event) => {
    const name = event.target.closest?.("#faults [data-for] a")?.parentElement.dataset.for;
    const field = name && form()?.elements[name];
    if (!field?.focus) return;
    event.preventDefault();
    field.focus();
    field.scrollIntoView({ block: "center" });
  });

  // after a row was added, its first field; after one was taken away, the button that adds
  let asked = "";
  document.addEventListener("htmx:beforeRequest", (event) => {
    const button = event.target.closest?.("[name=op]");
    asked = button ? button.value : "";
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (!asked || event.target.id !== "touchpoint-form") return;
    const [what, where = ""] = asked.split(":");
    asked = "";
    const rows = { audience: ".rule .rule-field", variant: "[data-words]", attachment: ".enclosure input:not([type=hidden])" };
    const kind = what.split("-")[0];
    const all = [...form().querySelectorAll(rows[kind])];
    const again = form().querySelector(`[name=op][value="${what.replace("remove", "add")}${kind === "variant" ? "" : `:${where.split(".").slice(0, -1).join(".")}`}"]`);
    (what.endsWith("remove") ? (again ?? all.at(-1)) : all.at(-1))?.focus();
  });

  // what was typed is kept when its field is left; a new touchpoint only by its button
  const saying = () => {
    const state = document.getElementById("save-state");
    if (!state) return;
    const { either } = window.guidepost;
    const text = form().hasAttribute("hx-post") ? either("还没保存：点到别处就会保存", "Not saved yet: leave the field to save") : "";
    if (state.textContent !== text) state.textContent = text;
    state.className = "";
  };
  document.addEventListener("input", (event) => event.target.form === form() && saying());
})();
