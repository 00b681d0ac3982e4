/** What a whole job costs at each seller, with the hours and the traffic that a bare GPU-hour leaves out. */
import { formatValue } from "../core/figure.ts";
import type { Texts } from "../core/texts.ts";
import { difference } from "./price-words.ts";
import { median } from "./quotes.ts";
import { egressSources } from "./sellers.ts";
import type { GpuPrices, Job, JobWords, Price } from "./types.ts";

type Words = Texts["compute"];

interface Bill {
  readonly price: Price;
  /** US dollars for what leaves; null where its price is not known. */
  readonly egress: number | null;
  /** Without the traffic where its price is not known. */
  readonly total: number;
}

export const billOf = (price: Price, { gpus, hours, idle, egressGb }: Job): Bill => {
  const compute = Number(price.price.value) * gpus * hours * (1 + idle);
  const { usdPerGb } = price.seller.egress;
  const egress = egressGb === 0 ? 0 : usdPerGb === null ? null : egressGb * usdPerGb;
  return { price, egress, total: compute + (egress ?? 0) };
};

const dollars = (value: number): string => formatValue(value, "usd");
const plain = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });

export function jobWords({ gpu, prices }: GpuPrices, job: Job, words: Words): JobWords {
  const bills = prices.map((price) => billOf(price, job));
  const side = (which: Price["seller"]["side"]): number | null => {
    const totals = bills.filter(({ price }) => price.seller.side === which).map(({ total }) => total);
    return totals.length === 0 ? null : median(totals);
  };
  const [networks, clouds] = [side("decentralised"), side("centralised")];
  const what = words.job.what(plain.format(job.hours), plain.format(job.gpus), gpu.name);
  return {
    verdict: verdictOf(what, networks, clouds, words),
    lines: bills.map((bill) => lineOf(bill, job, words)),
    assumptions: assumptionsOf(bills, job, words),
    sources: job.egressGb === 0 ? [] : egressSources,
  };
}

function verdictOf(what: string, networks: number | null, clouds: number | null, words: Words): string {
  if (networks !== null && clouds !== null)
    return words.job.both(what, dollars(networks), dollars(clouds), difference(networks, clouds, words));
  if (networks !== null) return words.job.onlyNetworks(what, dollars(networks));
  return clouds === null ? words.job.neither(what) : words.job.onlyClouds(what, dollars(clouds));
}

function lineOf({ price: row, egress, total }: Bill, { egressGb, gpus }: Job, words: Words): string {
  const { seller, price, free } = row;
  const parts = [
    words.job.line(words.what[seller.what], dollars(total), dollars(Number(price.value))),
    ...(egress === null
      ? [words.job.withoutTraffic(words.traffic[seller.egress.why])]
      : egressGb === 0 || egress === 0
        ? []
        : [words.job.traffic(dollars(egress))]),
    ...(free !== null && Number(free.value) < gpus ? [words.job.fewFree(String(free.value), plain.format(gpus))] : []),
  ];
  return `**${seller.name}**, ${parts.join(", ")} · \`${price.id}\``;
}

function assumptionsOf(bills: readonly Bill[], { egressGb, idle }: Job, { job: words }: Words): string {
  const idleWords = idle === 0 ? words.noIdle : words.idle(plain.format(idle * 100));
  if (egressGb === 0) return `${idleWords} ${words.noEgress}`;
  const size = egressGb >= 1000 ? `${plain.format(egressGb / 1000)} TB` : `${plain.format(egressGb)} GB`;
  const rates = bills
    .filter(({ price }) => price.seller.side === "centralised" && price.seller.egress.usdPerGb !== null)
    .map(
      ({ price: { seller } }) => `${seller.name} ${seller.egress.usdPerGb === 0 ? words.nothing : dollars(seller.egress.usdPerGb ?? 0)}`,
    );
  const list = rates.length === 0 ? null : rates.join(", ");
  return `${idleWords} ${words.egress(
    size,
    list,
    bills.some(({ egress }) => egress === null),
  )}`;
}
