/** Render: no source of its own, and why. */

/** Shown where its figures would be. What its dashboards read is neither documented nor meant for others. */
export const renderNote =
  "Render publishes no documented statistics that a program may read, so I have no figures of the network itself, only its market data.";
