const NOTICEABLE_MS = 1000;
export function whenSeen(element, callback) {
  let inView = false;
  let timer;
  const judge = () => {
    clearTimeout(timer);
    if (inView && document.visibilityState === "visible") timer = setTimeout(finish, NOTICEABLE_MS);
  };
  const observer = new IntersectionObserver((entries) => {
    inView = entries[entries.length - 1].isIntersecting;
    judge();
  });
  const stop = () => {
    clearTimeout(timer);
    observer.disconnect();
    document.removeEventListener("visibilitychange", judge);
  };
  const finish = () => {
    stop();
    callback();
  };
  document.addEventListener("visibilitychange", judge);
  observer.observe(element);
  return stop;
}
