// The queue: a box that chooses every claim of the page, and how many are chosen. Without it each has its own box.
(function () {
  var form = document.getElementById("bulk"), bar = document.getElementById("bulk-bar");
  if (!form || !bar) return;
  var boxes = Array.from(form.querySelectorAll('[name="chosen"]'));
  var every = document.createElement("input"), label = document.createElement("label"), last = null;
  var count = bar.querySelector(".bulk__count");
  every.type = "checkbox";
  label.className = "choice";
  label.append(every, " " + bar.dataset.every);
  form.insertBefore(label, form.querySelector("ol"));

  function tell() {
    var chosen = boxes.filter(function (box) { return box.checked; }).length;
    count.textContent = chosen ? "(" + chosen + ")" : "";
    every.checked = chosen === boxes.length;
    every.indeterminate = chosen > 0 && chosen < boxes.length;
  }
  every.addEventListener("change", function () {
    boxes.forEach(function (box) { box.checked = every.checked; });
    tell();
  });
  // With the shift key, everything from the box before to this one.
  form.addEventListener("click", function (event) {
    var at = boxes.indexOf(event.target);
    if (at < 0) return;
    if (event.shiftKey && last !== null) {
      boxes.slice(Math.min(at, last), Math.max(at, last)).forEach(function (box) { box.checked = event.target.checked; });
    }
    last = at;
    tell();
  });
  tell();
})();
