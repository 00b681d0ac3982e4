/** Times and amounts of a run as people say them. */

const three = new Intl.NumberFormat("en", { maximumSignificantDigits: 3, maximumFractionDigits: 20 });
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

/** "40 s", "12 min", "5.25 h", "31.2 days": three digits, in the unit that a reader needs. */
export function hoursInWords(hours: number): string {
  const seconds = hours * 3600;
  if (seconds < 0.5) return "less than a second";
  if (seconds < 99.5) return `${three.format(seconds)} s`;
  if (hours < 1.995) return `${three.format(hours * 60)} min`;
  if (hours < 71.95) return `${three.format(hours)} h`;
  return `${(hours < 24_000 ? three : whole).format(hours / 24)} days`;
}

/** A share as "87.4 %"; what is not all or nothing is never rounded to it. */
export function shareInWords(share: number): string {
  if (share > 0 && share < 0.0005) return "less than 0.1 %";
  if (share < 1 && share > 0.9995) return "more than 99.9 %";
  return `${tenth.format(share * 100)} %`;
}

/** "12,400", "3.5", "0.012": whole from a hundred on, else three digits. */
export function amountInWords(amount: number): string {
  if (amount > 0 && amount < 0.0001) return "less than 0.0001";
  return (amount >= 99.95 ? whole : three).format(amount);
}
