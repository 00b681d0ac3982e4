/** In English: what GPU-hours cost where; prices come written as "$2.58", figures' and sellers' names are data. */

const list = new Intl.ListFormat("en", { type: "conjunction" });
const countedBy = {
  providers: ["provider", "providers"],
  markets: ["market", "markets"],
  hosts: ["host", "hosts"],
  prices: ["price", "prices"],
  sizes: ["price", "prices by size and region"],
} as const;

export const compute = {
  noGpu: { message: "Which GPU is the job for?", hint: "Name it first, such as `/compute h100 100 8`." },
  asking: "Asking for prices …",
  askingFor: (gpu: string): string => `Asking for the price of the ${gpu} …`,
  took: (gpu: string, others: string): string => `I took this to be the ${gpu}; it also comes as ${others}.`,
  perHour: (gpu: string): string => `${gpu}: dollars per GPU-hour`,
  ofJob: (gpu: string): string => `${gpu}: the price of a job`,
  unknown: (typed: string, near: boolean): string =>
    `I know no GPU called “${typed}”. ${near ? "Did you mean one of these?" : "I compare these and others:"}`,
  sides: { decentralised: "Networks", marketplace: "Marketplaces (not in the comparison)", centralised: "Clouds" },
  spot: "Spot: taken away at any time, and never compared",
  meaning:
    "On demand, and only this model, memory and form. Each price is a median, with the lowest and the highest behind it; whoever offers the same thing many times counts once. A bid or a reward is for the GPU as it is offered; a list price has processor, memory and network in it.",
  daysAgo: (value: string, days: number, receipt: string): string => `${value} ${days} days ago (${receipt})`,
  trend: (now: string, earlier: string): string => `**Trend** of the networks' price over the clouds': ${now} now, ${earlier}.`,
  noTrend: "**Trend** of the networks' price over the clouds': none yet: I have no earlier day of the same sellers.",
  assumed: (assumptions: string): string => `Assumed: ${assumptions}`,
  title: "GPU-hours on networks and clouds",
  nothing: "No GPU has a price on a network and on a cloud's list now, so there is nothing to compare.",
  overview: (index: string, classes: number, receipt: string): string =>
    `On the networks a GPU-hour costs **${index}** of what clouds' lists ask for the same GPU (the middle one of ${classes === 1 ? "one class" : `${classes} classes`}) · ${receipt}`,
  classLine: (gpu: string, networks: string, clouds: string, index: string, receipt: string): string =>
    `**${gpu}**: ${networks} against ${clouds}, **${index}** · ${receipt}`,
  order: "Networks' median first, then the clouds' median list price, on demand. 100 % is the same price; below it the networks ask less.",
  provenance: "`/why` with a price's code shows where it came from. Not financial advice.",
  buttons: {
    job: "100 h on 8 GPUs",
    perHour: "Per GPU-hour",
    all: "All GPUs",
    egress: (size: "none" | "100GB" | "1TB" | "10TB"): string => `Egress: ${size}`,
    idle: (share: "none" | "10%" | "25%" | "50%"): string => `Idle: ${share}`,
  },
  /** How one price lies against another, in percent; `over` where it is nearly all. */
  less: (percent: string): string => `${percent} % less`,
  over: (percent: string): string => `over ${percent} % less`,
  more: (percent: string): string => `${percent} % more`,
  asMuch: "as much",
  medianOf: (names: readonly string[]): string => (names.length === 1 ? (names[0] ?? "") : `median of ${list.format(names)}`),
  onNetworks: (price: string, whose: string): string => `**${price}** on the networks (${whose})`,
  onLists: (price: string, whose: string): string => `**${price}** at cloud list prices (${whose})`,
  both: (own: string, lists: string, by: string): string => `A GPU-hour costs ${own} and ${lists}: on the networks **${by}**.`,
  onlyOwn: (own: string, gpu: string): string =>
    `A GPU-hour costs ${own}. I have no list price of a cloud for the ${gpu} now, so there is nothing to compare it with.`,
  onlyLists: (lists: string, gpu: string): string =>
    `A GPU-hour costs ${lists}. I have no offer of a network for the ${gpu} now, so there is nothing to compare it with.`,
  noPrice: (gpu: string): string => `I have no price of the ${gpu}: no answer that I have lists exactly this model, memory and form.`,
  noRecentPrice: (gpu: string): string => `I have no price of the ${gpu} from these days, of a network or a cloud.`,
  /** What a seller's price is. */
  what: {
    bids: "providers' bids",
    reward: "hosts' reward plus the network's fee",
    asks: "hosts' asking prices",
    own: "its prices, community and secure",
    list: "list price",
    spot: "spot",
  },
  price: (what: string, price: string, spread: string | null): string => `${what}: **${price}**${spread === null ? "" : ` (${spread})`}`,
  spread: (low: string, high: string): string => `${low} to ${high}`,
  counted: (by: keyof typeof countedBy, count: number, written: string): string => `${written} ${countedBy[by][count === 1 ? 0 : 1]}`,
  noneFree: "no GPU free now",
  free: (count: number, written: string): string => `${written} ${count === 1 ? "GPU" : "GPUs"} free`,
  notLive: (freshness: string): string => `not live: ${freshness}`,
  job: {
    what: (hours: string, gpus: string, gpu: string): string => `${hours} h of work on ${gpus} × ${gpu}`,
    both: (what: string, networks: string, clouds: string, by: string): string =>
      `${what} cost about **${networks}** on the networks and **${clouds}** at cloud list prices: on the networks **${by}**.`,
    onlyNetworks: (what: string, networks: string): string =>
      `${what} cost about **${networks}** on the networks; there is no cloud's price to compare it with.`,
    onlyClouds: (what: string, clouds: string): string =>
      `${what} cost about **${clouds}** at cloud list prices; there is no network's price to compare it with.`,
    neither: (what: string): string => `Neither a network nor a cloud that I ask has a price for ${what}.`,
    line: (what: string, total: string, price: string): string => `${what}: **${total}** at ${price} per GPU-hour`,
    withoutTraffic: (why: string): string => `without traffic: ${why}`,
    traffic: (dollars: string): string => `${dollars} of it for traffic`,
    fewFree: (free: string, gpus: string): string => `only ${free} of ${gpus} GPUs free now`,
    noIdle: "No idle time: every hour that is paid is worked.",
    idle: (percent: string): string => `Idle time: ${percent} % more hours are paid than worked, for setting up, waiting and coming back.`,
    noEgress: "No egress: nothing that costs anything leaves where it ran.",
    /** @param rates of the clouds; null where none is known */
    egress: (size: string, rates: string | null, unknown: boolean): string =>
      `Egress: ${size} leave where it ran${rates === null ? "" : ` at list prices per GB (${rates}), free allowances left out`}; the networks charge nothing for it.${
        unknown ? " Where the price of traffic is not known, the sum is without it." : ""
      }`,
    nothing: "nothing",
  },
  /** Why a GB that leaves a seller costs what it does. */
  traffic: {
    providers: "providers charge nothing for traffic by itself",
    hosts: "hosts charge nothing for traffic by itself",
    each: "each host sets its own price for traffic",
    included: "traffic is included",
    firstTenTb: "list price of the first 10 TB a month",
    firstTb: "list price of the first TB a month, premium tier",
    unknown: "not known here",
  },
  chart: {
    subtitle: (day: string): string => `Medians on demand, from Depinion's archive, ${day}`,
    networks: "Networks",
    clouds: "Cloud lists",
    ratio: "Networks' price over the clouds'",
    index: "Index",
    overall: "GPU-hours: networks' price over the clouds'",
  },
} as const;
