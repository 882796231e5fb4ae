const STEPS = [
  {
    name: 'Commit',
    text: 'Each node paints alone and seals its result on chain, so nobody can copy.',
  },
  {
    name: 'Reveal',
    text: 'Only when all are sealed do the files open. Byte for byte, they need not be equal.',
  },
  {
    name: 'Likeness',
    text: 'The chain draws 64 bits from each picture. Few bits apart is the same picture.',
  },
];

export function HowItWorks() {
  return (
    <section className="how" aria-label="How this works">
      <ol>
        {STEPS.map(({ name, text }) => (
          <li key={name}>
            <b>{name}</b>
            <span>{text}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
