// Adds a copy button to every code block that carries its words in data-copy-label; without it the page lacks nothing.
(() => {
  const blocks = document.querySelectorAll(".code-block[data-copy-label]");
  if (!blocks.length) return;
  const status = document.createElement("p");
  status.className = "visually-hidden";
  status.setAttribute("aria-live", "polite");
  document.body.append(status);

  const select = (text) => {
    const range = document.createRange();
    range.selectNodeContents(text);
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  };

  for (const block of blocks) {
    const text = block.querySelector("pre code, pre");
    const caption = block.querySelector("figcaption");
    if (!text || !caption) continue;

    const { copyLabel, copiedLabel, selectedLabel } = block.dataset;
    const button = document.createElement("button");
    const word = document.createElement("span");
    const what = document.createElement("span");
    button.type = "button";
    button.className = "button button-secondary button-small copy-button";
    word.textContent = copyLabel;
    what.className = "visually-hidden";
    what.textContent = ` ${caption.textContent.trim()}`;
    button.append(word, what);

    let timer = 0;
    button.addEventListener("click", async () => {
      let outcome = copiedLabel;
      try {
        await navigator.clipboard.writeText(text.textContent.trim());
      } catch {
        // No clipboard (plain HTTP, or refused): the text is selected, ready for the keyboard.
        select(text);
        outcome = selectedLabel || copyLabel;
      }
      word.textContent = status.textContent = outcome;
      clearTimeout(timer);
      timer = setTimeout(() => { word.textContent = copyLabel; status.textContent = ""; }, 4000);
    });
    caption.append(button);
  }
})();
