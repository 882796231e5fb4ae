function skip(): void {
  document.getElementById('main')?.focus();
}

/** A button, not a link: the part of the address after `#` belongs to the pages. */
export function SkipLink() {
  return (
    <button type="button" className="skip" onClick={skip}>
      Skip to the content
    </button>
  );
}
