import { useTheme } from '../hooks/use-theme.ts';
import { MoonIcon, SunIcon } from './icons.tsx';

export function ThemeSwitch() {
  const { theme, switchTheme } = useTheme();
  const label = theme === 'dark' ? 'Use the light theme' : 'Use the dark theme';
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      onClick={switchTheme}
    >
      {theme === 'dark' ? <SunIcon /> : <MoonIcon />}
    </button>
  );
}
