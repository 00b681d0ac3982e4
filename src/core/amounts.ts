/** Amounts as people say them, to three digits, so that what is small is not rounded to nothing and what is not whole is not rounded to all. */

const three = new Intl.NumberFormat("en", { maximumSignificantDigits: 3, maximumFractionDigits: 20 });
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

/** "12,400", "3.5", "0.012"; what is less than a ten-thousandth is said to be. */
export function amountOf(amount: number): string {
  if (amount > 0 && amount < 0.0001) return "less than 0.0001";
  return (amount >= 99.95 ? whole : three).format(amount);
}

/** A part of one as "87.4 %"; never 0 % of something, nor 100 % of what is not all. */
export function shareOf(part: number): string {
  if (part > 0 && part < 0.0005) return "less than 0.1 %";
  if (part < 1 && part >= 0.9995) return "more than 99.9 %";
  return `${tenth.format(part * 100)} %`;
}

/** "40 s", "12 min", "5.25 h", "31.2 days". */
export function durationOf(hours: number): string {
  const seconds = hours * 3600;
  if (seconds === 0) return "0 min";
  if (seconds < 0.5) return "less than a second";
  if (seconds < 99.5) return `${three.format(seconds)} s`;
  if (hours < 1.995) return `${three.format(hours * 60)} min`;
  if (hours < 71.95) return `${three.format(hours)} h`;
  return `${(hours < 24_000 ? three : whole).format(hours / 24)} days`;
}
