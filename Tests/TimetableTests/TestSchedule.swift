import Timetable
import TransitModel

/// A feed of one short line, and what a test changes in it.
enum TestSchedule {
    static let sound: [String: String] = [
        "agency.txt":
            "agency_id,agency_name,agency_url,agency_timezone,agency_lang\n"
            + "t,Town,https://t.ua,Europe/Kyiv,uk\n",
        "routes.txt": """
        route_id,agency_id,route_short_name,route_long_name,route_type,route_color,route_text_color
        r,t,7,Вокзал – Театр,0,00AAFF,FFFFFF
        """,
        "stops.txt": """
        stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station
        A,Вокзал,50.4000,30.5000,,
        B,Площа,50.4100,30.5000,,
        C,Театр,50.4200,30.5000,,
        S,Станція,50.4200,30.5010,1,
        P,,,,0,S
        """,
        "trips.txt": """
        trip_id,route_id,service_id,direction_id,trip_headsign,block_id,shape_id
        t1,r,work,0,Театр,b1,line
        """,
        "stop_times.txt": """
        trip_id,stop_sequence,stop_id,arrival_time,departure_time
        t1,1,A,08:00:00,08:00:00
        t1,2,B,08:05:00,08:05:30
        t1,3,C,08:10:00,08:10:00
        """,
        "shapes.txt": """
        shape_id,shape_pt_sequence,shape_pt_lat,shape_pt_lon
        line,1,50.4000,30.5000
        line,2,50.4200,30.5000
        """,
        "calendar.txt": """
        service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date
        work,1,1,1,1,1,0,0,20260101,20261231
        """,
    ]

    /// Loads the sound feed with some files replaced, or removed where the text is `nil`.
    static func load(
        _ changes: [String: String?] = [:], limits: Schedule.Limits = .init()
    ) throws(FeedError) -> Schedule {
        var files = sound
        for (file, text) in changes { files[file] = text }
        return try Schedule(files: files.mapValues { Array($0.utf8) }, limits: limits)
    }

    /// The sound feed with other records of `stop_times.txt`.
    static func load(stopTimes: String) throws(FeedError) -> Schedule {
        try load([
            "stop_times.txt":
                "trip_id,stop_sequence,stop_id,arrival_time,departure_time\n" + stopTimes
        ])
    }
}
