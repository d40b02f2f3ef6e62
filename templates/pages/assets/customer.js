// A customer's page: what a change would come to is asked in a dialog; closed, all is as it was.
(() => {
  const { body } = document;
  body.addEventListener("htmx:afterSwap", (event) => {
    // a chat is read from its end
    if (event.target.querySelector?.(".chat-lines")) event.target.scrollTop = event.target.scrollHeight;
    const dialog = event.target.querySelector?.("dialog[data-modal]");
    if (!dialog) return;
    dialog.addEventListener("close", () => dialog.remove());
    dialog.showModal();
  });
  body.addEventListener("click", (event) => {
    const close = event.target.closest("dialog [data-close]");
    if (!close) return;
    event.preventDefault();
    close.closest("dialog").close();
  });
})();
