// The review form is kept while it is typed in: a second after the last key it goes to the desk, as its writer's own
// draft. When the log-in has ended or the line is down, the words stay in the page and are sent again.
(function () {
  var state = document.getElementById("draft-state");
  var form = state && document.getElementById(state.dataset.form);
  if (!form || !window.fetch) return;
  var PAUSE = 1000, AGAIN = 5000; // milliseconds
  var timer = 0, unsent = false, sending = null, loggedOut = false, saving = false;

  function tell(what, address) {
    var now = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    state.textContent = state.dataset[what].replace("{time}", now);
    state.classList.toggle("caution", what !== "saved");
    if (!address) return;
    var link = document.createElement("a");
    link.href = address;
    if (what === "ended") link.target = "_blank";
    link.textContent = state.dataset[what + "Link"];
    state.append(" ", link);
  }

  // A log-in changes the token, and the cookie has the new one. The buttons of this page need it too.
  function renewToken() {
    var cookie = document.cookie.split("; ").find(function (pair) { return pair.startsWith(state.dataset.cookie + "="); });
    if (!cookie) return;
    document.querySelectorAll('[name="csrfmiddlewaretoken"]').forEach(function (field) { field.value = cookie.split("=")[1]; });
  }

  function later(pause) {
    clearTimeout(timer);
    timer = setTimeout(send, pause);
  }

  // One at a time: the answer brings the version that the next one names.
  function send() {
    if (sending || saving) return sending;
    unsent = false;
    renewToken();
    sending = fetch(state.dataset.address, { method: "POST", body: new FormData(form), credentials: "same-origin" })
      .then(function (answer) {
        loggedOut = answer.status === 401 || answer.status === 403;
        if (answer.ok) return answer.json().then(kept);
        if (answer.status === 409) return tell("elsewhere", location.pathname + "#review");
        if (loggedOut) tell("ended", state.dataset.login);
        else tell("failed");
        if (answer.status !== 422) unsent = true;
      })
      .catch(function () { unsent = true; tell("failed"); })
      .then(function () {
        sending = null;
        if (unsent) later(loggedOut || state.classList.contains("caution") ? AGAIN : PAUSE);
      });
    return sending;
  }

  function kept(answer) {
    form.elements.known.value = answer.known;
    if (answer.behind) tell("behind", location.pathname + "#review");
    else tell("saved");
  }

  form.addEventListener("input", function () {
    unsent = true;
    later(PAUSE);
  });
  // Whoever comes back from logging in elsewhere sees at once that nothing is lost.
  window.addEventListener("focus", function () { if (loggedOut) later(0); });
  document.addEventListener("submit", function (event) {
    if (!event.target.closest("main")) return;
    if (loggedOut) { // it would be refused, and the page that holds the words be gone
      event.preventDefault();
      later(0);
    } else if (event.target === form) {
      saving = true;
      clearTimeout(timer);
    } else if (unsent || sending) { // the words are kept first: the page comes back with them
      event.preventDefault();
      var on = function () { event.target.requestSubmit(event.submitter); };
      Promise.resolve(sending || send()).then(function () { unsent = false; on(); });
    }
  });
  window.addEventListener("pagehide", function () {
    if (unsent && !saving) navigator.sendBeacon(state.dataset.address, new FormData(form));
  });
  window.addEventListener("pageshow", function (event) { if (event.persisted) location.reload(); });
})();
