// Files dropped on the import's form, their names, and how far their upload is. Without it the form works plainly.
(() => {
  const form = document.querySelector("form[data-upload]");
  if (!form) return;
  const input = form.querySelector("input[type=file]");
  const zone = form.querySelector(".drop-zone");
  const names = form.querySelector("[data-names]");
  const bar = form.querySelector("progress");
  const fault = form.querySelector("[data-fault]");
  const button = form.querySelector("button");

  const either = (zh, en) => window.guidepost?.either(zh, en) ?? zh;
  const tell = (text) => {
    fault.textContent = text;
    fault.hidden = !text;
  };
  const show = () => {
    const files = [...input.files];
    names.textContent = files.map(({ name }) => name).join(either("、", ", "));
    const sum = files.reduce((all, { size }) => all + size, 0);
    const odd = files.find(({ name }) => !/\.(csv|xlsx)$/i.test(name));
    const large = sum > Number(form.dataset.most);
    const wrong = odd && either(`「${odd.name}」不是 .csv 或 .xlsx 文件`, `“${odd.name}” is neither .csv nor .xlsx`);
    tell(wrong || (large ? either("文件太大，请分几次导入", "Too large: import in several parts") : ""));
    return files.length > 0 && !odd && !large;
  };
  input.addEventListener("change", show);
  for (const kind of ["dragenter", "dragover"])
    zone.addEventListener(kind, (event) => {
      event.preventDefault();
      zone.classList.add("over");
    });
  for (const kind of ["dragleave", "drop"]) zone.addEventListener(kind, () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    input.files = event.dataTransfer.files;
    show();
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (button.disabled || !show()) return;
    const request = new XMLHttpRequest();
    const end = (text) => {
      button.disabled = false;
      bar.hidden = true;
      tell(text);
    };
    request.upload.onprogress = ({ loaded, total }) => {
      bar.value = total ? (100 * loaded) / total : 0;
    };
    request.onerror = () => end(either("网络不通，文件没有传完，请再试一次", "No connection: the files did not get through. Try again."));
    request.onload = () => {
      if (request.status < 400) return location.assign(request.responseURL);
      let said;
      try {
        said = JSON.parse(request.responseText).error.message;
      } catch {
        said = either("上传没有成功，请刷新后再试", "The upload failed. Reload and try again.");
      }
      end(said);
    };
    button.disabled = true;
    bar.hidden = false;
    tell("");
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.send(new FormData(form));
  });
})();
