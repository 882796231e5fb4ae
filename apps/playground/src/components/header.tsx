import type { Route } from '../route.ts';
import { ChainStatus, type ChainStatusProps } from './chain-status.tsx';
import { Mark } from './mark.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

const SECTIONS = [
  { href: '#/', label: 'Create', pages: ['create'] },
  { href: '#/jobs', label: 'Jobs', pages: ['jobs', 'job'] },
  { href: '#/nodes', label: 'Nodes', pages: ['nodes'] },
  { href: '#/blocks', label: 'Blocks', pages: ['blocks'] },
];

interface HeaderProps extends ChainStatusProps {
  readonly page: Route['page'];
}

export function Header({ page, status, away }: HeaderProps) {
  return (
    <header className="header">
      <a className="wordmark" href="#/">
        <Mark />
        Semblance
      </a>
      <nav className="sections" aria-label="Sections">
        {SECTIONS.map(({ href, label, pages }) => (
          <a key={href} href={href} aria-current={pages.includes(page) ? 'page' : undefined}>
            {label}
          </a>
        ))}
      </nav>
      <ChainStatus status={status} away={away} />
      <ThemeSwitch />
    </header>
  );
}
