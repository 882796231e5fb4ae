import { useCallback, useState, useSyncExternalStore } from 'react';

export type Theme = 'light' | 'dark';

const KEY = 'semblance.theme';
const system = window.matchMedia('(prefers-color-scheme: dark)');

function subscribeSystem(changed: () => void): () => void {
  system.addEventListener('change', changed);
  return () => system.removeEventListener('change', changed);
}

function chosenTheme(): Theme | null {
  const chosen = document.documentElement.dataset.theme;
  return chosen === 'light' || chosen === 'dark' ? chosen : null;
}

function keep(theme: Theme | null): void {
  try {
    if (theme === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // Storage is closed to this page: the choice lasts until it is left.
  }
}

/** The theme in force and the switch to the other one. Choosing the system's own clears the choice. */
export function useTheme(): { theme: Theme; switchTheme: () => void } {
  const systemTheme: Theme = useSyncExternalStore(subscribeSystem, () => system.matches)
    ? 'dark'
    : 'light';
  const [chosen, setChosen] = useState(chosenTheme);
  const theme = chosen ?? systemTheme;

  const switchTheme = useCallback(() => {
    const next: Theme = theme === 'dark' ? 'light' : 'dark';
    const override = next === systemTheme ? null : next;
    if (override === null) delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = override;
    keep(override);
    setChosen(override);
  }, [theme, systemTheme]);

  return { theme, switchTheme };
}
