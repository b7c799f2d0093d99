-- One row per division of the plan's map. area_km2: of the map, not official. geometry: simplified
-- GeoJSON. label_lon, label_lat: a point inside the division.
select
    division,
    name_zh,
    name_en,
    label_lon::double as label_lon,
    label_lat::double as label_lat,
    area_km2::double as area_km2,
    geometry
from plan_divisions
order by division
