-- One row per division of the plan's map. area_km2: of the map, not official. geometry: simplified
-- GeoJSON, WGS 84. label_lon, label_lat: a point inside the division.
select
    division,
    name_zh,
    name_en,
    label_lon,
    label_lat,
    area_km2,
    geometry
from division_areas
order by division
