// Keeps the parts of a page marked data-live fresh while somebody looks at it: loads the same page again and exchanges them.
// The request says that it is no sign of anybody's presence, so that a session still ends when nobody is there.

const EVERY = 15_000;

function load() {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", location.href);
    request.responseType = "document";
    request.setRequestHeader("X-Refreshing", "1");
    request.onload = () => (request.status === 200 && request.responseURL === location.href ? resolve(request.response) : reject());
    request.onerror = reject;
    request.send();
  });
}

async function refresh() {
  if (document.hidden) return;
  const fresh = await load();
  for (const part of document.querySelectorAll("[data-live]")) {
    const found = fresh.getElementById(part.id);
    if (found && !part.contains(document.activeElement)) part.replaceWith(document.adoptNode(found));
  }
}

if (document.querySelector("[data-live]")) {
  setInterval(() => refresh().catch(() => {}), EVERY);
}
