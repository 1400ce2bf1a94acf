/** Follows the admin's colours: what it told us wins, else what the device prefers. */
export function applyTheme(told: 'light' | 'dark' | null | undefined): void {
  const root = document.documentElement;
  if (told === 'light' || told === 'dark') {
    root.dataset.theme = told;
    return;
  }
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const follow = () => {
    root.dataset.theme = dark.matches ? 'dark' : 'light';
  };
  follow();
  dark.addEventListener('change', follow);
}
