// Before the first paint, so that a page chosen dark never flashes light.
try {
  const theme = JSON.parse(localStorage.getItem('plimsoll') ?? '{}').theme
  if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme
} catch {
  // Storage is refused or holds something else: the system's choice stands.
}
