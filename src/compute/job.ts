/** What a whole job costs at each seller, with the hours and the traffic that a bare GPU-hour leaves out. */
import { formatValue } from "../core/figure.ts";
import { difference } from "./price-words.ts";
import { median } from "./quotes.ts";
import { egressSources } from "./sellers.ts";
import type { GpuPrices, Job, JobWords, Price } from "./types.ts";

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

export function jobWords({ gpu, prices }: GpuPrices, job: Job): JobWords {
  const bills = prices.map((price) => billOf(price, job));
  const side = (which: Price["seller"]["side"]): number | null => {
    const totals = bills.filter(({ price }) => price.seller.side === which).map(({ total }) => total);
    return totals.length === 0 ? null : median(totals);
  };
  const [networks, clouds] = [side("decentralised"), side("centralised")];
  const what = `${plain.format(job.hours)} h of work on ${plain.format(job.gpus)} × ${gpu.name}`;
  return {
    verdict: verdictOf(what, networks, clouds),
    lines: bills.map((bill) => lineOf(bill, job)),
    assumptions: assumptionsOf(bills, job),
    sources: job.egressGb === 0 ? [] : egressSources,
  };
}

function verdictOf(what: string, networks: number | null, clouds: number | null): string {
  if (networks !== null && clouds !== null)
    return `${what} cost about **${dollars(networks)}** on the networks and **${dollars(clouds)}** at cloud list prices: on the networks **${difference(networks, clouds)}**.`;
  if (networks !== null)
    return `${what} cost about **${dollars(networks)}** on the networks; there is no cloud's price to compare it with.`;
  if (clouds !== null)
    return `${what} cost about **${dollars(clouds)}** at cloud list prices; there is no network's price to compare it with.`;
  return `Neither a network nor a cloud that I ask has a price for ${what}.`;
}

function lineOf({ price: row, egress, total }: Bill, { egressGb, gpus }: Job): string {
  const { seller, price, free } = row;
  const parts = [
    `${seller.what}: **${dollars(total)}** at ${dollars(Number(price.value))} per GPU-hour`,
    ...(egress === null
      ? [`without traffic: ${seller.egress.why}`]
      : egressGb === 0 || egress === 0
        ? []
        : [`${dollars(egress)} of it for traffic`]),
    ...(free !== null && Number(free.value) < gpus ? [`only ${free.value} of ${plain.format(gpus)} GPUs free now`] : []),
  ];
  return `**${seller.name}**, ${parts.join(", ")} · \`${price.id}\``;
}

function assumptionsOf(bills: readonly Bill[], { egressGb, idle }: Job): string {
  const idleWords =
    idle === 0
      ? "No idle time: every hour that is paid is worked."
      : `Idle time: ${plain.format(idle * 100)} % more hours are paid than worked, for setting up, waiting and coming back.`;
  if (egressGb === 0) return `${idleWords} No egress: nothing that costs anything leaves where it ran.`;
  const size = egressGb >= 1000 ? `${plain.format(egressGb / 1000)} TB` : `${plain.format(egressGb)} GB`;
  const rates = bills
    .filter(({ price }) => price.seller.side === "centralised" && price.seller.egress.usdPerGb !== null)
    .map(({ price: { seller } }) => `${seller.name} ${seller.egress.usdPerGb === 0 ? "nothing" : dollars(seller.egress.usdPerGb ?? 0)}`);
  const list = rates.length === 0 ? "" : ` at list prices per GB (${rates.join(", ")}), free allowances left out`;
  const unknown = bills.some(({ egress }) => egress === null) ? " Where the price of traffic is not known, the sum is without it." : "";
  return `${idleWords} Egress: ${size} leave where it ran${list}; the networks charge nothing for it.${unknown}`;
}
