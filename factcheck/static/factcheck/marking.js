// Words that are selected in the article's text become those of the form below it, with the place where they stand.
(function () {
  var text = document.querySelector(".text");
  var picked = document.getElementById("picked");
  var box = document.getElementById("add-claim");
  if (!text || !picked || !box) return;
  var words = box.querySelector('[name="words"]');
  var found = null;
  var pressed = false; // a finger on the button may take the selection away before it is a click

  // As the server compares them: white space is one blank, and links that the desk put in between are no words.
  function folded(range) {
    var copy = document.createElement("div");
    copy.appendChild(range.cloneContents());
    copy.querySelectorAll(".claim--also").forEach(function (link) { link.remove(); });
    return copy.textContent.split(/\s+/).join(" ");
  }

  function selected() {
    var selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    var range = selection.getRangeAt(0);
    if (!text.contains(range.commonAncestorContainer)) return null;
    var said = folded(range).trim();
    return said && { range: range.cloneRange(), words: said };
  }

  // The how-manieth place, from the start of the text, at which these words stand, counted from 1.
  function place(range, said) {
    var before = range.cloneRange();
    before.setStart(text, 0);
    var until = folded(before).trim().length;
    var all = document.createRange();
    all.selectNodeContents(text);
    var whole = folded(all).trim(), number = 0, at = -said.length;
    while ((at = whole.indexOf(said, at + said.length)) >= 0 && at + said.length <= until) number += 1;
    return number;
  }

  // The form keeps a hidden place; after a refusal there are places to choose from, for the words that stood there.
  function setPlace(number) {
    var fields = box.querySelectorAll('[name="place"]');
    fields.forEach(function (field) {
      if (field.type === "hidden") field.value = number || "";
      else field.checked = field.value === String(number);
    });
  }

  document.addEventListener("selectionchange", function () {
    if (pressed) return;
    found = selected() || (document.activeElement === picked.firstElementChild ? found : null);
    picked.hidden = !found;
  });
  // Marked words are links, and in a link browsers begin no selection: while the mouse is down it is none. A selection
  // that ends in a link is not followed.
  text.addEventListener("mousedown", function (event) {
    var link = event.button === 0 && event.target.closest("a");
    if (!link) return;
    var address = link.getAttribute("href");
    link.removeAttribute("href");
    window.addEventListener("mouseup", function () { link.setAttribute("href", address); }, { once: true, capture: true });
  });
  text.addEventListener("click", function (event) {
    if (!selected()) return;
    event.preventDefault();
    event.stopPropagation(); // on the way down: htmx listens at the link
  }, true);
  document.addEventListener("pointerdown", function (event) { pressed = picked.contains(event.target); });
  picked.addEventListener("mousedown", function (event) { event.preventDefault(); });
  picked.firstElementChild.addEventListener("click", function () {
    pressed = false;
    if (!found) return;
    words.value = found.words;
    setPlace(place(found.range, found.words));
    box.open = true;
    picked.hidden = true;
    box.querySelector('[name="statement"]').focus();
  });
  words.addEventListener("input", function () { setPlace(""); });
})();
