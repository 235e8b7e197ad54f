#!/usr/bin/env python3
"""Reads vehicle positions as a stranger does, with the standard's own bindings, and judges them by
the rules of the GTFS-Realtime validator that concern them. Prints each offence, then a summary.

Arguments: a message in protobuf, and the feed that it goes with, a zip file.
"""
import csv
import io
import math
import sys
import time
import zipfile

from google.transit import gtfs_realtime_pb2


def table(archive, name):
    if name not in archive.namelist():
        return []
    text = io.TextIOWrapper(archive.open(name), encoding="utf-8-sig")
    return list(csv.DictReader(text))


def metres(lat, lon, other_lat, other_lon):
    north = (other_lat - lat) * 111_195
    east = (other_lon - lon) * 111_195 * math.cos(math.radians(lat))
    return math.hypot(north, east)


def main():
    message = gtfs_realtime_pb2.FeedMessage()
    with open(sys.argv[1], "rb") as stream:
        message.ParseFromString(stream.read())
    archive = zipfile.ZipFile(sys.argv[2])
    trips = {row["trip_id"]: row for row in table(archive, "trips.txt")}
    routes = {row["route_id"] for row in table(archive, "routes.txt")}
    stops = {row["stop_id"]: row for row in table(archive, "stops.txt")}
    calls = {(row["trip_id"], int(row["stop_sequence"])): row["stop_id"]
             for row in table(archive, "stop_times.txt")}
    frequencies = {row["trip_id"]: row for row in table(archive, "frequencies.txt")}
    offences = []

    def check(rule, holds, what):
        if not holds:
            offences.append(f"{rule}: {what}")

    header = message.header
    check("E038", header.gtfs_realtime_version == "2.0", header.gtfs_realtime_version)
    check("E048", header.HasField("timestamp"), "header.timestamp")
    check("E049", header.HasField("incrementality"), "header.incrementality")
    check("E001", 1_000_000_000 < header.timestamp < 4_000_000_000, header.timestamp)
    if "--now" in sys.argv:
        check("E050", header.timestamp <= time.time() + 60, header.timestamp)
    vehicles = [entity.vehicle for entity in message.entity]
    ids = [vehicle.vehicle.id for vehicle in vehicles]
    check("E052", len(set(ids)) == len(ids), "vehicle.id repeats")
    check("E039", not any(entity.is_deleted for entity in message.entity), "is_deleted")
    on_trips = 0
    for vehicle in vehicles:
        name = vehicle.vehicle.id
        check("W002", name, "vehicle.id")
        check("E012", vehicle.timestamp <= header.timestamp, name)
        place = vehicle.position
        check("E026", abs(place.latitude) <= 90 and abs(place.longitude) <= 180, name)
        if place.HasField("bearing"):
            check("E027", 0 <= place.bearing <= 360, name)
        near = min(metres(place.latitude, place.longitude, float(stop["stop_lat"]),
                          float(stop["stop_lon"])) for stop in stops.values())
        check("E028", near < 20_000, f"{name} is {near:.0f} m from any stop")
        trip = vehicle.trip
        if trip.HasField("route_id"):
            check("E004", trip.route_id in routes, trip.route_id)
        if not trip.HasField("trip_id"):
            continue
        on_trips += 1
        check("E003", trip.trip_id in trips, trip.trip_id)
        planned = trips.get(trip.trip_id, {})
        check("E035", planned.get("route_id") == trip.route_id, trip.trip_id)
        if trip.HasField("direction_id"):
            check("E024", str(trip.direction_id) == planned.get("direction_id"), trip.trip_id)
        check("E021", len(trip.start_date) == 8 and trip.start_date.isdigit(), trip.start_date)
        if trip.trip_id in frequencies:
            check("E006", trip.start_time and trip.start_date, trip.trip_id)
            check("E020", len(trip.start_time) == 8, trip.start_time)
            if frequencies[trip.trip_id].get("exact_times") != "1":
                check("E013", trip.schedule_relationship == trip.UNSCHEDULED, trip.trip_id)
        if vehicle.HasField("current_stop_sequence"):
            call = calls.get((trip.trip_id, vehicle.current_stop_sequence))
            check("E051", call is not None, f"{trip.trip_id} {vehicle.current_stop_sequence}")
            check("E045", call == vehicle.stop_id, f"{trip.trip_id} {vehicle.stop_id}")
        if vehicle.HasField("stop_id"):
            check("E011", vehicle.stop_id in stops, vehicle.stop_id)
            kind = stops.get(vehicle.stop_id, {}).get("location_type", "")
            check("E015", kind in ("", "0"), vehicle.stop_id)
    for offence in offences:
        print(offence)
    print(f"{len(vehicles)} vehicles, {on_trips} on trips, {len(offences)} offences")


main()
