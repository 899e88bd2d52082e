// Makes map.svg (land and graticule) and ../data/regions.json. Not part of the build:
// run it by hand when the projection or the list of regions changes.
//
//   npm install --no-save world-atlas@2 topojson-client@3
//   node static/map/make.mjs [path to land-110m.json]
//
// It is deterministic: the same input gives the same bytes.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(join(process.cwd(), "x.js"));
const { feature } = require("topojson-client");
const landFile = process.argv[2] ?? require.resolve("world-atlas/land-110m.json");

// Projection. SOURCE.md has it as formulas, for whoever computes positions.
const CENTRAL_MERIDIAN_DEG = 11;
const SCALE = 1000 / (2 * Math.PI * 0.8707); // the equator is 1000 units long
const ORIGIN_X = 500;
const ORIGIN_Y = 256;
const WIDTH = 1000;
const HEIGHT = 444;

// The map's edge runs through the Bering Strait, so no mainland is torn.
const eastOfCentre = (lonDeg) => ((lonDeg - CENTRAL_MERIDIAN_DEG + 540) % 360) - 180;

function projectEast(latDeg, eastDeg) {
  const l = (eastDeg * Math.PI) / 180;
  const p = (latDeg * Math.PI) / 180;
  const p2 = p * p;
  const p4 = p2 * p2;
  const x = l * (0.8707 - 0.131979 * p2 + p4 * (-0.013791 + p4 * (0.003971 * p2 - 0.001529 * p4)));
  const y = p * (1.007226 + p2 * (0.015085 + p4 * (-0.044475 + 0.028874 * p2 - 0.005916 * p4)));
  return [ORIGIN_X + SCALE * x, ORIGIN_Y - SCALE * y];
}

const project = (latDeg, lonDeg) => projectEast(latDeg, eastOfCentre(lonDeg));

// A coast that touches the edge goes over it in one piece, on the side of its first point.
function projectRing(ring) {
  let before = eastOfCentre(ring[0][0]);
  return ring.map(([lon, lat]) => {
    let east = eastOfCentre(lon);
    if (east - before > 180) east -= 360;
    if (east - before < -180) east += 360;
    before = east;
    return projectEast(lat, east);
  });
}

const SMALLEST_ISLAND = 7; // square units; smaller ones are left out
const DETAIL = 2.1; // square units; Visvalingam's threshold

const area = (ring) => Math.abs(ring.reduce((sum, [x, y], i) => {
  const [u, v] = ring[(i + 1) % ring.length];
  return sum + x * v - u * y;
}, 0)) / 2;

// Visvalingam and Whyatt: drop the point whose triangle is smallest, again and again.
function simplify(ring) {
  const points = ring.slice();
  const triangle = (i) => {
    const n = points.length;
    const [a, b, c] = [points[(i + n - 1) % n], points[i], points[(i + 1) % n]];
    return Math.abs((a[0] - c[0]) * (b[1] - a[1]) - (a[0] - b[0]) * (c[1] - a[1])) / 2;
  };
  while (points.length > 4) {
    let least = 0;
    for (let i = 1; i < points.length; i += 1) if (triangle(i) < triangle(least)) least = i;
    if (triangle(least) > DETAIL) break;
    points.splice(least, 1);
  }
  return points;
}

const joined = (numbers) => numbers.map((n, i) => (i > 0 && n >= 0 ? " " : "") + n).join("");

function pathOf(ring) {
  const whole = ring.map(([x, y]) => [Math.round(x), Math.round(y)]);
  const [first, ...rest] = whole.filter((p, i) => {
    const before = whole[(i + whole.length - 1) % whole.length];
    return p[0] !== before[0] || p[1] !== before[1];
  });
  let at = first;
  const steps = rest.map((p) => {
    const step = joined([p[0] - at[0], p[1] - at[1]]);
    at = p;
    return step;
  });
  return `M${joined(first)}l${steps.map((s, i) => (i > 0 && s[0] !== "-" ? " " : "") + s).join("")}z`;
}

const topology = JSON.parse(readFileSync(landFile, "utf8"));
const { features } = feature(topology, topology.objects.land);
const polygons = features.flatMap(({ geometry: { type, coordinates } }) => type === "Polygon" ? [coordinates] : coordinates);
const land = polygons
  .filter(([outer]) => outer.some(([, lat]) => lat > -60))
  .flatMap((rings) => rings.map((ring) => projectRing(ring.slice(0, -1))))
  .filter((ring) => area(ring) >= SMALLEST_ISLAND)
  .sort((a, b) => area(b) - area(a))
  .map((ring) => pathOf(simplify(ring)))
  .join("");

// Every 30 degrees; meridians are curved, parallels are straight lines.
const line = (points) => "M" + points.map(([x, y]) => joined([Math.round(x), Math.round(y)])).join("L");
let graticule = "";
for (let lat = -30; lat <= 60; lat += 30) {
  graticule += line([projectEast(lat, -180), projectEast(lat, 180)]);
}
for (let lon = -150; lon <= 180; lon += 30) {
  const points = [];
  for (let lat = -57; lat <= 83; lat += 10) points.push(project(lat, lon));
  graticule += line(points);
}

const CITIES = {
  "af-south-1": ["Cape Town", "ZA", -33.925, 18.424],
  "ap-east-1": ["Hong Kong", "HK", 22.32, 114.169],
  "ap-northeast-1": ["Tokyo", "JP", 35.69, 139.692],
  "ap-northeast-2": ["Seoul", "KR", 37.566, 126.978],
  "ap-northeast-3": ["Osaka", "JP", 34.694, 135.502],
  "ap-south-1": ["Mumbai", "IN", 19.076, 72.878],
  "ap-south-2": ["Hyderabad", "IN", 17.385, 78.487],
  "ap-southeast-1": ["Singapore", "SG", 1.352, 103.82],
  "ap-southeast-2": ["Sydney", "AU", -33.869, 151.209],
  "ap-southeast-3": ["Jakarta", "ID", -6.209, 106.846],
  "ap-southeast-4": ["Melbourne", "AU", -37.814, 144.963],
  "ap-southeast-5": ["Kuala Lumpur", "MY", 3.139, 101.687],
  "ap-southeast-7": ["Bangkok", "TH", 13.756, 100.502],
  "ca-central-1": ["Montreal", "CA", 45.502, -73.567],
  "ca-west-1": ["Calgary", "CA", 51.045, -114.072],
  "eu-central-1": ["Frankfurt", "DE", 50.11, 8.682],
  "eu-central-2": ["Zurich", "CH", 47.377, 8.541],
  "eu-north-1": ["Stockholm", "SE", 59.329, 18.069],
  "eu-south-1": ["Milan", "IT", 45.464, 9.19],
  "eu-south-2": ["Zaragoza", "ES", 41.649, -0.889],
  "eu-west-1": ["Dublin", "IE", 53.35, -6.26],
  "eu-west-2": ["London", "GB", 51.507, -0.128],
  "eu-west-3": ["Paris", "FR", 48.857, 2.352],
  "il-central-1": ["Tel Aviv", "IL", 32.085, 34.782],
  "me-central-1": ["Dubai", "AE", 25.205, 55.271],
  "me-south-1": ["Manama", "BH", 26.228, 50.586],
  "mx-central-1": ["Querétaro", "MX", 20.589, -100.39],
  "sa-east-1": ["São Paulo", "BR", -23.551, -46.633],
  "us-east-1": ["Ashburn", "US", 39.044, -77.487],
  "us-east-2": ["Columbus", "US", 39.961, -82.999],
  "us-west-1": ["San Francisco", "US", 37.775, -122.419],
  "us-west-2": ["Boardman", "US", 45.84, -119.701],
};
const measured = JSON.parse(readFileSync(join(here, "../data/aws-rtt-p50-1y.json"), "utf8"));
const ids = Object.keys(measured.data).sort();
const unknown = ids.filter((id) => !CITIES[id]);
if (unknown.length > 0) throw new Error(`no city for ${unknown.join(", ")}`);
const regions = ids.map((id) => {
  const [city, country, lat, lon] = CITIES[id];
  const [x, y] = project(lat, lon).map(Math.round);
  return { id, city, country, lat, lon, x, y };
});

// Inlined into index.html, so that the shell paints the land before the module
// arrives and the page draws it again with <use href="#land">, at no further cost.
writeFileSync(
  join(here, "map.svg"),
  `<svg xmlns="http://www.w3.org/2000/svg" class="sprite" width="0" height="0" aria-hidden="true"><defs>`
  + `<path id="land" d="${land}"/><path id="graticule" d="${graticule}"/></defs></svg>\n`,
);
const rows = regions.map((region) => "    " + JSON.stringify(region)).join(",\n");
writeFileSync(
  join(here, "../data/regions.json"),
  `{\n  "viewBox": [0, 0, ${WIDTH}, ${HEIGHT}],\n  "regions": [\n${rows}\n  ]\n}\n`,
);
console.log(`land ${land.length} bytes, graticule ${graticule.length} bytes, ${regions.length} regions`);
