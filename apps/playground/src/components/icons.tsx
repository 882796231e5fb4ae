import type { ReactNode } from 'react';

function Icon({ children }: { readonly children: ReactNode }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" aria-hidden="true">
      {children}
    </svg>
  );
}

export function DiceIcon() {
  return (
    <Icon>
      <rect x="3" y="3" width="14" height="14" rx="3" />
      <circle className="dot" cx="7" cy="7" r="1.2" />
      <circle className="dot" cx="13" cy="7" r="1.2" />
      <circle className="dot" cx="10" cy="10" r="1.2" />
      <circle className="dot" cx="7" cy="13" r="1.2" />
      <circle className="dot" cx="13" cy="13" r="1.2" />
    </Icon>
  );
}

export function LockIcon() {
  return (
    <Icon>
      <rect x="4" y="9" width="12" height="8" rx="2" />
      <path d="M7 9V6.5a3 3 0 0 1 6 0V9" />
    </Icon>
  );
}

export function OpenLockIcon() {
  return (
    <Icon>
      <rect x="4" y="9" width="12" height="8" rx="2" />
      <path d="M7 9V5.5a3 3 0 0 1 5.8-1" />
    </Icon>
  );
}

export function SunIcon() {
  return (
    <Icon>
      <circle cx="10" cy="10" r="3.4" />
      <path d="M10 2.5v2M10 15.5v2M2.5 10h2M15.5 10h2M4.7 4.7l1.4 1.4M13.9 13.9l1.4 1.4M4.7 15.3l1.4-1.4M13.9 6.1l1.4-1.4" />
    </Icon>
  );
}

export function MoonIcon() {
  return (
    <Icon>
      <path d="M16.5 11.8A6.8 6.8 0 0 1 8.2 3.5a6.8 6.8 0 1 0 8.3 8.3z" />
    </Icon>
  );
}

export function DownloadIcon() {
  return (
    <Icon>
      <path d="M10 3v9.5M6 9l4 4 4-4M4 16.5h12" />
    </Icon>
  );
}

export function VaryIcon() {
  return (
    <Icon>
      <rect x="3" y="3" width="9" height="9" rx="1.5" />
      <path d="M15 7.5h.5A1.5 1.5 0 0 1 17 9v6.5a1.5 1.5 0 0 1-1.5 1.5H9a1.5 1.5 0 0 1-1.5-1.5V15" />
    </Icon>
  );
}

export function BrushIcon() {
  return (
    <Icon>
      <path d="M16.5 3.5 9 11M9 11l2 2 5.5-9.5M8 12c-2 0-2.5 1.5-2.5 2.5S4.5 16.5 3.5 16.5C6 17.5 10 17 10 14z" />
    </Icon>
  );
}

export function RefineIcon() {
  return (
    <Icon>
      <path d="M8 3l1.5 4.5L14 9l-4.5 1.5L8 15l-1.5-4.5L2 9l4.5-1.5zM15.5 12.5v4M13.5 14.5h4" />
    </Icon>
  );
}

export function EnlargeIcon() {
  return (
    <Icon>
      <path d="M11.5 3.5h5v5M8.5 16.5h-5v-5M16 4l-5 5M4 16l5-5" />
    </Icon>
  );
}
