// Runs before the first paint, so that a chosen theme never flashes. A file of its own because the page may not
// hold inline scripts.
try {
  const theme = localStorage.getItem("baton.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is closed: the system's theme stays.
}
