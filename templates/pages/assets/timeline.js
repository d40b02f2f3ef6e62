// A journey's timeline: cards are dragged to another place of their row, or moved by the arrow keys. Without this script
// the menu on each card does the same.
(() => {
  const form = () => document.getElementById("move-form");
  let focusOn = "";
  let waiting = Promise.resolve();

  /** Sends a move; one after the other, so that the next one knows what the last one left. */
  const move = (key, what, value) => {
    waiting = waiting.then(() => new Promise((done) => {
      const card = document.getElementById(`t-${key}`);
      const fields = form()?.elements;
      if (!card || !fields) return done();
      fields.touchpoint.value = key;
      fields.stamp.value = card.dataset.stamp;
      fields.by.value = what === "by" ? value : "";
      fields.days.value = what === "days" ? value : "";
      focusOn = key;
      if (!window.htmx) return form().submit();
      form().addEventListener("htmx:afterRequest", () => done(), { once: true });
      window.htmx.trigger(form(), "submit");
    }));
  };

  const focusCard = (key) => {
    const link = document.querySelector(`#t-${CSS.escape(key)} .tp-name`);
    link?.focus();
    link?.scrollIntoView({ block: "nearest", inline: "nearest" });
    return link;
  };

  document.addEventListener("htmx:afterSettle", (event) => {
    if (!focusOn || !document.getElementById("timeline")) return;
    const link = focusCard(focusOn);
    const when = link?.parentElement.querySelector(".tp-when");
    const said = document.getElementById("moved");
    if (said && when) said.textContent = `${link.textContent}${window.guidepost.either("：", ": ")}${when.textContent}`;
    if (event.target.id === "timeline") focusOn = "";
  });
  // after the browser itself has gone to the place of the address, which takes the focus away
  window.addEventListener("load", () => setTimeout(() => {
    const key = /^#t-([a-z0-9-]+)$/.exec(location.hash)?.[1];
    if (key && document.getElementById("timeline")) focusCard(key);
  }, 0));

  // ← and → move by one day, week or month, as the touchpoint counts
  document.addEventListener("keydown", (event) => {
    const link = event.target.closest?.(".tp-name[aria-describedby]");
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!link || !by || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    move(link.closest(".tp").dataset.key, "by", event.shiftKey ? by * 5 : by);
  });

  // dragging
  let drag;
  const cellAt = (x, y, row) => {
    for (const element of document.elementsFromPoint(x, y)) {
      const cell = element.closest?.(".cell");
      if (cell) return cell.dataset.row === row ? cell : undefined;
    }
    return undefined;
  };
  /** The day a place in a cell stands for. */
  const dayAt = (cell, x) => {
    const { left, width } = cell.getBoundingClientRect();
    const share = Math.min(0.999, Math.max(0, (x - left) / width));
    return Number(cell.dataset.from) + Math.floor(share * Number(cell.dataset.span));
  };
  const light = (cell) => {
    for (const other of document.querySelectorAll(".cell.aimed")) if (other !== cell) other.classList.remove("aimed");
    cell?.classList.add("aimed");
  };
  document.addEventListener("pointerdown", (event) => {
    const card = event.target.closest?.(".tp[data-key]");
    if (!card || event.button !== 0 || event.target.closest(".tp-more")) return;
    drag = { card, x: event.clientX, y: event.clientY, id: event.pointerId, isOn: false };
  });
  document.addEventListener("pointermove", (event) => {
    if (!drag || event.pointerId !== drag.id) return;
    const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
    if (!drag.isOn && Math.hypot(dx, dy) < 6) return;
    if (!drag.isOn) {
      drag.isOn = true;
      getSelection()?.removeAllRanges();
      drag.card.classList.add("dragged");
      document.body.classList.add("dragging");
      for (const cell of document.querySelectorAll(`.cell[data-row="${drag.card.dataset.row}"]`)) cell.classList.add("open");
    }
    event.preventDefault();
    drag.card.style.transform = `translate(${dx}px, ${dy}px)`;
    light(cellAt(event.clientX, event.clientY, drag.card.dataset.row));
  });
  const end = (event, isDropped) => {
    if (!drag || event.pointerId !== drag.id) return;
    const { card, isOn } = drag;
    drag = undefined;
    if (!isOn) return;
    const cell = isDropped && cellAt(event.clientX, event.clientY, card.dataset.row);
    card.removeAttribute("style");
    card.classList.remove("dragged");
    document.body.classList.remove("dragging");
    light(undefined);
    for (const open of document.querySelectorAll(".cell.open")) open.classList.remove("open");
    // the click that ends a drag is none
    const swallow = (click) => click.preventDefault();
    document.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => document.removeEventListener("click", swallow, { capture: true }), 50);
    if (cell) move(card.dataset.key, "days", dayAt(cell, event.clientX));
  };
  document.addEventListener("pointerup", (event) => end(event, true));
  document.addEventListener("pointercancel", (event) => end(event, false));
  document.addEventListener("keydown", (event) => event.key === "Escape" && drag && end({ pointerId: drag.id }, false));
  document.addEventListener("dragstart", (event) => event.target.closest?.(".tp") && event.preventDefault());
})();
