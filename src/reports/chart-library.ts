// The parts of ECharts that our charts are made of: bars and lines, as SVG.
import { BarChart, LineChart } from "echarts/charts";
import { GraphicComponent, GridComponent, LegendComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, LineChart, GraphicComponent, GridComponent, LegendComponent, SVGRenderer]);

export { init };
