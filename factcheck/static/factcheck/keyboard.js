// Single keys do what buttons of the page do (WCAG 2.1.4: each person can switch them off). Never while somebody types,
// with a modifier, or when the page has nothing for the key.
(function () {
  var sheet = document.getElementById("keys");
  var opener = document.getElementById("keys-open");
  if (!sheet || !sheet.showModal) return;
  var ITEMS = ".row-claim h2 a, .margin a, .suggestion";
  var STANCES = { s: "supports", r: "refutes", c: "context" };
  var FINDINGS = { v: ["5", "4"], d: ["1", "2", "3"], u: ["unverifiable"], 1: ["1"], 2: ["2"], 3: ["3"], 4: ["4"], 5: ["5"] };

  function typing(where) {
    return where.isContentEditable || where.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=submit])");
  }

  function visible(element) { return element.getClientRects().length > 0; }

  function move(step) {
    var all = Array.from(document.querySelectorAll(ITEMS)).filter(visible);
    var here = all.findIndex(function (item) { return item.contains(document.activeElement); });
    if (here < 0) here = all.findIndex(function (item) { return item.matches("[aria-current]"); });
    var next = all[here < 0 ? (step > 0 ? 0 : all.length - 1) : here + step];
    if (!next) return false;
    if (!next.matches("a")) next.tabIndex = -1;
    next.focus();
    next.scrollIntoView({ block: "nearest" });
    return true;
  }

  function card() { return document.activeElement.closest(".suggestion"); }

  // The words of a summary are somebody's to copy: then the key only leads to where they go.
  function take(stance) {
    var button = card() && card().querySelector('button[name="stance"][value="' + stance + '"]');
    if (!button) return false;
    var words = button.form.elements.exact;
    if (words.required && !words.value.trim()) words.focus();
    else button.click();
    return true;
  }

  // A key that stands for several findings goes on to the next of them; the focus tells which.
  function find(values) {
    var form = document.getElementById("review-form");
    if (!form) return false;
    var next = values[(values.indexOf(form.elements.finding.value) + 1) % values.length];
    var choice = form.querySelector('[name="finding"][value="' + next + '"]');
    choice.checked = true;
    choice.dispatchEvent(new Event("input", { bubbles: true }));
    choice.focus();
    return true;
  }

  function press(key) {
    if (key === "j") return move(1);
    if (key === "k") return move(-1);
    if (STANCES[key]) return take(STANCES[key]);
    if (FINDINGS[key]) return find(FINDINGS[key]);
    if (key === "Enter" && document.activeElement.matches(".suggestion")) return open(document.activeElement);
    if (key === "e") return lead(document.querySelector('#review-form [name="rationale"]'));
    if (key === "/") return lead(document.querySelector("main input[type=search]"));
    if (key === "?") { sheet.showModal(); return true; }
    return false;
  }

  function lead(field) {
    if (field) field.focus();
    return Boolean(field);
  }

  function open(item) {
    var link = item.querySelector("a[href]");
    if (link) link.click();
    return Boolean(link);
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || sheet.open || typing(event.target)) return;
    if (press(event.key)) event.preventDefault();
  });
  opener.hidden = false;
  opener.addEventListener("click", function () { sheet.showModal(); });
})();
