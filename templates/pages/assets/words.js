// Words are written with a click: a variable where the cursor stands, an entry of the library. Without this script one types.
(() => {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert]");
    const into = button?.closest("[data-insert-into]");
    const box = into && document.getElementById(into.dataset.insertInto);
    if (!box) return;
    box.setRangeText(button.dataset.insert, box.selectionStart, box.selectionEnd, "end");
    box.focus();
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // Where an entry was put, the library knows it by, whatever becomes of the words there.
  document.addEventListener("click", (event) => {
    const { entry, journey, touchpoint } = event.target.closest("[data-entry]")?.dataset ?? {};
    // what a click wrote is kept and shown like what was typed
    const box = document.activeElement;
    if (entry && box?.matches("[data-words]")) box.dispatchEvent(new Event("change", { bubbles: true }));
    if (!entry || !journey || !touchpoint) return;
    const word = document.querySelector("input[name=_csrf]")?.value ?? "";
    const headers = { "Content-Type": "application/json", "X-CSRF-Token": word };
    fetch(`/words/${entry}/used`, { method: "POST", headers, body: JSON.stringify({ journey, touchpoint }) }).catch(() => {});
  });
})();
